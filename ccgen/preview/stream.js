// The streams on which the preview tells all tabs of a browser what to do: a browser opens six connections to one server, and
// a stream is one. Runs as a worker that tabs share; where there is none, each tab has a worker of its own.
(() => {
  "use strict";

  const MOST_STREAMS = 3;
  const MOST_TABS = 200; // of a stream, as the server has it
  const MOST_ASKED = 56000; // characters of what a stream is asked for; the server takes 60,000 of an address
  const tabs = new Map(); // path and what is shown, by the port to a tab
  let streams = [];
  let isTold = false; // that a tab is left out

  // A path has its escapes already, but for what means something here.
  const asked = ({ path, shows }) => `&path=${path.replace(/[&+;=]/g, encodeURIComponent)}&shows=${shows}`;

  function open(ports) {
    const told = [];
    let query = "";
    while (ports.length && told.length < MOST_TABS) {
      const more = asked(tabs.get(ports[0]));
      if (query.length + more.length > MOST_ASKED) break;
      query += more;
      told.push(ports.shift());
    }
    const source = new EventSource(`/_ccgen/events?${query.slice(1)}`);
    const stream = { source, told };
    const tell = (message) => told.forEach((port) => port.postMessage(message));
    source.onopen = () => tell({ do: "begin" });
    source.onmessage = (event) => {
      const message = JSON.parse(event.data);
      told[message.tab].postMessage(message);
    };
    source.onerror = () => {
      // Asked again by ourselves: what tabs show may have changed since the stream began.
      close(stream);
      tell({ do: "end" });
      setTimeout(follow, 500, told);
    };
    streams.push(stream);
  }

  function close(stream) {
    stream.source.close();
    streams = streams.filter((one) => one !== stream);
  }

  // Ask for those of some tabs that are open and that no stream is of.
  function follow(ports) {
    const waiting = ports.filter((port) => tabs.has(port) && !streams.some((one) => one.told.includes(port)));
    if (waiting.length && streams.length < MOST_STREAMS) open(waiting);
    if (waiting.length) openAll();
  }

  function openAll() {
    streams.forEach(close);
    const ports = [...tabs.keys()];
    while (ports.length && streams.length < MOST_STREAMS) open(ports);
    if (ports.length) leaveOut();
  }

  function leaveOut() {
    if (!isTold) console.warn("ccgen: too many tabs, or too long an address: some tabs do not follow what is saved");
    isTold = true;
  }

  function hear(port, said) {
    if (!said) {
      tabs.delete(port);
      streams.filter((one) => !one.told.some((other) => tabs.has(other))).forEach(close);
    } else if (asked(said).length > MOST_ASKED) leaveOut();
    else {
      tabs.set(port, said);
      follow([port]);
    }
  }

  const listen = (port) => (port.onmessage = (event) => hear(port, event.data));
  if ("onconnect" in self) onconnect = (event) => listen(event.ports[0]);
  else listen(self);
})();
