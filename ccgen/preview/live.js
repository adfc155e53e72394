// Keeps a page of the preview live: reloads it when it changes, exchanges style sheets and pictures, shows what is wrong.
// It is only ever sent by `ccgen serve`, and stands in no file that is published.
(() => {
  "use strict";

  const LIVE = "/_ccgen/";
  const KEPT = `ccgen:${location.pathname}`;
  let shows = document.currentScript.dataset.shows;

  // --- where the reader was ---

  const fields = () => [...document.querySelectorAll("input, textarea, select")].filter(
    (one) => !["password", "file", "hidden", "submit", "button", "reset", "image"].includes(one.type),
  );
  const details = () => [...document.querySelectorAll("details")];

  function keep() {
    const place = {
      x: scrollX,
      y: scrollY,
      open: details().map((one) => one.open),
      fields: fields().map((one) => [one.name || one.id, one.type === "checkbox" || one.type === "radio" ? one.checked : one.value]),
      focus: fields().indexOf(document.activeElement),
    };
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(place));
    } catch {
      // a browser that keeps nothing loses the place, and no more
    }
  }

  function restore() {
    let place = null;
    try {
      place = JSON.parse(sessionStorage.getItem(KEPT));
      sessionStorage.removeItem(KEPT);
    } catch {
      return;
    }
    if (!place) return;
    details().forEach((one, number) => {
      if (number < place.open.length) one.open = place.open[number];
    });
    fields().forEach((one, number) => {
      const [name, value] = place.fields[number] || [];
      if (value === undefined || name !== (one.name || one.id)) return;
      if (typeof value === "boolean") one.checked = value;
      else one.value = value;
    });
    if (place.focus >= 0) fields()[place.focus]?.focus({ preventScroll: true });
    const scroll = () => scrollTo({ left: place.x, top: place.y, behavior: "instant" });
    scroll();
    // Pictures above may still grow: until the page stands, or its reader moves.
    const until = new AbortController();
    for (const kind of ["wheel", "touchstart", "keydown", "mousedown"]) addEventListener(kind, () => until.abort(), { once: true, passive: true });
    addEventListener("load", () => until.signal.aborted || scroll(), { once: true });
  }

  function reload() {
    keep();
    location.reload();
  }

  // --- files that are exchanged ---

  const path = (address, base = document.baseURI) => {
    try {
      const url = new URL(address, base);
      return url.origin === location.origin ? decodeURIComponent(url.pathname) : "";
    } catch {
      return "";
    }
  };

  // Exchanges files where the page shows them; says whether each of them was met somewhere.
  function swap(files, build) {
    const known = new Map(Object.entries(files).map(([old, now]) => [path(old), now]));
    const met = new Set();
    const later = (address, base) => {
      const name = path(address, base);
      const found = known.get(name);
      if (found) met.add(name);
      return found && (path(found) === name ? `${found}?preview=${build}` : found);
    };
    for (const sheet of document.querySelectorAll('link[rel~="stylesheet"]')) {
      const address = later(sheet.href);
      if (address && !leaving.has(sheet)) replace(sheet, address, later);
    }
    for (const picture of document.querySelectorAll("img, source, link[rel~='icon']")) {
      for (const name of ["src", "href"]) {
        const address = picture[name] && later(picture[name]);
        if (address) picture[name] = address;
      }
      if (!picture.srcset) continue;
      picture.srcset = picture.srcset
        .split(/,\s+/) // an address may hold a comma, and no space
        .map((one) => {
          const [address, ...size] = one.trim().split(/\s+/);
          return [later(address) || address, ...size].join(" ");
        })
        .join(", ");
    }
    for (const sheet of document.styleSheets) restyle(sheet, later);
    for (const one of document.querySelectorAll("[style]")) rename(one.style, document.baseURI, later);
    for (const one of document.querySelectorAll("a[href], area[href], link[href]")) later(one.href); // which show nothing of it
    return met.size === known.size;
  }

  const leaving = new Map(); // style sheets that stand until others have loaded, each by the link that comes for it

  // Has another style sheet take the place of one as soon as it has loaded: a page without any would flash.
  function replace(sheet, address, later) {
    const fresh = sheet.cloneNode();
    fresh.href = address;
    leaving.set(sheet, fresh);
    const loaded = () => {
      leave(sheet);
      restyle(fresh.sheet, later);
    };
    const failed = () => {
      if (leaving.has(fresh)) return; // the next one is on its way
      fresh.remove();
      leaving.delete(sheet);
      shows = ""; // whatever comes next, the page is loaded again
      tell();
    };
    fresh.addEventListener("load", loaded, { once: true });
    fresh.addEventListener("error", failed, { once: true });
    sheet.after(fresh);
  }

  function leave(sheet) {
    for (const [earlier, next] of leaving) if (next === sheet) leave(earlier); // it may never have come itself
    leaving.delete(sheet);
    sheet.remove();
  }

  // Pictures that a style sheet names: a browser that has loaded one for this page does not ask for its address again.
  function restyle(sheet, later) {
    let rules = [];
    try {
      rules = [...sheet.cssRules];
    } catch {
      return; // of another site
    }
    while (rules.length) {
      const rule = rules.pop();
      if (rule.styleSheet) restyle(rule.styleSheet, later);
      if (rule.style) rename(rule.style, sheet.href || document.baseURI, later);
      if (rule.cssRules) rules.push(...rule.cssRules);
    }
  }

  function rename(style, base, later) {
    for (const name of [...style]) {
      const value = style.getPropertyValue(name);
      const fresh = value.replace(/url\((["']?)(.*?)\1\)/g, (whole, _, address) => {
        const found = later(address, base);
        return found ? `url("${found}")` : whole;
      });
      if (fresh !== value) style.setProperty(name, fresh, style.getPropertyPriority(name));
    }
  }

  // --- what readers do not see yet ---

  const MARK = `
    a[data-ccgen-preview]::after { content: attr(data-ccgen-preview); display: inline-block; vertical-align: middle; margin-inline-start: .6em; padding: 3px 7px;
      border-radius: 4px; font: 600 12px/1.2 system-ui, sans-serif; letter-spacing: normal; text-transform: none; color: #ffc9a3; background: #1d1a18; }
  `;

  function mark(previewed) {
    if (!document.querySelector("style[data-ccgen]")) {
      const style = element("style", "", MARK);
      style.dataset.ccgen = "";
      document.head.append(style);
    }
    for (const link of document.querySelectorAll("a[href]")) {
      const address = path(link.href);
      const reason = previewed[address];
      if (reason && link.textContent.trim() && address !== path(location.href)) link.dataset.ccgenPreview = reason[0].toUpperCase() + reason.slice(1);
      else delete link.dataset.ccgenPreview;
    }
  }

  // --- what is wrong ---

  const LOOK = `
    :host { all: initial; display: block; height: var(--ccgen-panel, 0); }
    * { box-sizing: border-box; }
    .panel, .badge { font: 14px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; color: #f3efe9; background: #1d1a18; }
    .panel { position: fixed; inset: auto 0 0 0; max-height: min(70vh, 44rem); display: flex; flex-direction: column;
      z-index: 2147483647; border-top: 3px solid #ff6b57; box-shadow: 0 -8px 40px rgb(0 0 0 / 45%); }
    header { display: flex; align-items: center; gap: 12px; padding: 10px 16px; font-family: system-ui, sans-serif; }
    h2 { font: 600 15px/1.4 system-ui, sans-serif; margin: 0; flex: 1; }
    button { font: 500 13px/1 system-ui, sans-serif; color: inherit; background: #37322e; border: 0; border-radius: 6px; padding: 9px 14px; min-height: 36px; cursor: pointer; }
    button:hover { background: #4a433d; }
    button:focus-visible, a:focus-visible { outline: 2px solid #ffb4a8; outline-offset: 2px; }
    ol { list-style: none; margin: 0; padding: 0 16px 16px; overflow: auto; display: grid; gap: 12px; }
    li { background: #282421; border-radius: 8px; padding: 12px 14px; }
    pre { margin: 0; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
    pre.excerpt { white-space: pre; overflow-x: auto; overflow-wrap: normal; color: #d9d1c7; }
    .what { color: #ff8a7a; font-weight: 600; }
    .hint { color: #9fd3ff; }
    a { color: #ffc9a3; text-underline-offset: 3px; }
    .ended { padding: 9px 14px; border-radius: 6px; border-left-color: #b9afa4; }
    .badge { position: fixed; right: 16px; bottom: 16px; z-index: 2147483647; border-left: 3px solid #ff6b57; box-shadow: 0 4px 20px rgb(0 0 0 / 35%); }
  `;
  let host = null;
  let told = ""; // what is shown of that
  let closed = ""; // what was wrong when the reader closed the panel

  function element(kind, name, text) {
    const made = document.createElement(kind);
    if (name) made.className = name;
    if (text !== undefined) made.textContent = text; // never as HTML: it quotes what somebody wrote
    return made;
  }

  function entry(problem) {
    const lines = problem.text.split("\n");
    const made = element("li");
    made.append(element("pre", "what", lines.shift()));
    const place = lines[0]?.startsWith("  ") && problem.path && lines[0].includes(problem.path) ? lines.shift().trim() : "";
    if (place) {
      const line = element("pre", "place");
      if (problem.editor) {
        const link = element("a", "", place);
        link.href = problem.editor;
        link.title = "Open in the editor";
        line.append(link);
      } else line.textContent = place;
      made.append(line);
    }
    const hints = lines.findIndex((line) => line.startsWith("hint:"));
    const excerpt = hints < 0 ? lines : lines.slice(0, hints);
    if (excerpt.length) made.append(element("pre", "excerpt", excerpt.join("\n")));
    if (hints >= 0) made.append(element("pre", "hint", lines.slice(hints).join("\n")));
    return made;
  }

  function show({ here, elsewhere, stops }) {
    const all = [...here, ...elsewhere];
    const what = JSON.stringify(all);
    const now = JSON.stringify([here, elsewhere, stops]);
    if (now === told) return; // focus stays, and nothing is read aloud again
    told = now;
    host?.remove();
    host = null;
    document.documentElement.style.removeProperty("--ccgen-panel");
    if (!all.length) {
      closed = "";
      return;
    }
    host = element("ccgen-problems");
    const root = host.attachShadow({ mode: "open" });
    root.append(element("style", "", LOOK));
    const errors = `${all.length} ${all.length === 1 ? "error" : "errors"}`;
    const title = `${errors}: ${stops ? "this site cannot be built" : "in drafts, which a build leaves out"}`;
    const panel = element("section", "panel");
    panel.setAttribute("role", "alert");
    const head = element("header");
    const list = element("ol");
    const hide = element("button", "", "Hide");
    hide.type = "button";
    list.append(...all.map(entry));
    list.tabIndex = 0;
    head.append(element("h2", "", title), hide);
    panel.append(head, list);
    const badge = element("button", "badge", errors);
    badge.type = "button";
    badge.title = title;
    const put = (open) => {
      (open ? badge : panel).remove();
      root.append(open ? panel : badge);
      // The end of the page, and the preview's bar, stand above the panel.
      document.documentElement.style.setProperty("--ccgen-panel", `${open ? panel.offsetHeight : 0}px`);
    };
    hide.onclick = () => {
      closed = what;
      put(false);
      badge.focus();
    };
    badge.onclick = () => {
      closed = "";
      put(true);
      hide.focus();
    };
    panel.onkeydown = (event) => {
      if (event.key === "Escape") hide.click();
    };
    document.documentElement.append(host);
    put(here.length > 0 && closed !== what);
  }

  let asked = 0;
  async function explain() {
    const turn = ++asked;
    try {
      const answer = await fetch(`${LIVE}problems?path=${encodeURIComponent(location.pathname)}`);
      const found = await answer.json();
      if (turn !== asked) return;
      show(found);
      mark(found.previewed || {});
      document.dispatchEvent(new CustomEvent("ccgen:news", { detail: found }));
    } catch {
      // the server went away; the stream says when it is back
    }
  }

  // --- the stream ---

  let line = null; // to the worker that has the stream
  let lost = 0;

  function connect() {
    const script = `${LIVE}stream.js`;
    const worker = window.SharedWorker ? new SharedWorker(script) : new Worker(script);
    const port = worker.port ?? worker;
    worker.onerror = () => {
      // The script could not be had.
      line = null;
      setTimeout(tell, 1000);
    };
    port.onmessage = ({ data: message }) => {
      if (message.do === "end") lost ||= setTimeout(tellEnd, 1500);
      else if (message.do === "begin") {
        lost = clearTimeout(lost);
        ended?.remove();
      } else if (message.do === "reload") reload();
      else if (message.do === "explain") explain();
      else if (message.do === "swap") {
        if (!shows || !swap(message.files, message.build)) return reload();
        shows = message.shows;
        tell();
      }
    };
    return port;
  }

  function tell() {
    line ??= connect();
    line.postMessage({ path: location.pathname, shows });
  }

  let ended = null;
  function tellEnd() {
    if (ended?.isConnected) return;
    ended = element("ccgen-ended");
    const root = ended.attachShadow({ mode: "open" });
    root.append(element("style", "", LOOK), element("div", "badge ended", "The preview has ended"));
    document.documentElement.append(ended);
  }

  restore();
  tell();
  import(`${LIVE}bar.js`);
  addEventListener("pagehide", () => line?.postMessage(null));
  addEventListener("pageshow", (event) => event.persisted && tell());
})();
