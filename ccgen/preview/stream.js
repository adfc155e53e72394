// The streams on which the preview tells all tabs of a browser what to do: a browser opens six connections to one server, and
// a stream is one. Runs as a worker that tabs share; where there is none, each tab has a worker of its own.
(() => {
  "use strict";

  const MOST_STREAMS = 3;
  const MOST_ASKED = 6000; // characters of an address; the server takes 8192
  const tabs = new Map(); // path and what is shown, by the port to a tab
  let streams = [];
  let later = 0;

  function open(ports) {
    const asked = new URLSearchParams();
    const told = [];
    while (ports.length && asked.toString().length < MOST_ASKED) {
      const port = ports.shift();
      asked.append("path", tabs.get(port).path);
      asked.append("shows", tabs.get(port).shows);
      told.push(port);
    }
    const source = new EventSource(`/_ccgen/events?${asked}`);
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
      clearTimeout(later);
      later = setTimeout(openAll, 500);
    };
    streams.push(stream);
  }

  function close(stream) {
    stream.source.close();
    streams = streams.filter((one) => one !== stream);
  }

  function openAll() {
    clearTimeout(later);
    streams.forEach(close);
    for (const ports = [...tabs.keys()]; ports.length; ) open(ports);
  }

  function hear(port, said) {
    if (!said) {
      tabs.delete(port);
      streams.filter((one) => !one.told.some((other) => tabs.has(other))).forEach(close);
      return;
    }
    const isNew = !tabs.has(port);
    tabs.set(port, said);
    if (isNew && streams.length < MOST_STREAMS) open([port]);
    else if (isNew) openAll();
  }

  const listen = (port) => (port.onmessage = (event) => hear(port, event.data));
  if ("onconnect" in self) onconnect = (event) => listen(event.ports[0]);
  else listen(self);
})();
