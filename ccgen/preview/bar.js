// The preview's bar: what this page was made from, what was found on it, who shows its products, and what is shown at all.
// Loaded by live.js; asks for nothing until it is opened.

const LIVE = "/_ccgen/";

const LOOK = `
  :host { all: initial; }
  * { box-sizing: border-box; }
  .tab, .panel { font: 14px/1.5 system-ui, sans-serif; color: #f3efe9; background: #1d1a18; position: fixed; left: 16px; bottom: calc(16px + var(--ccgen-panel, 0px));
    z-index: 2147483646; border-radius: 10px; box-shadow: 0 4px 20px rgb(0 0 0 / 35%); }
  .tab { border: 0; padding: 9px 14px; min-height: 36px; cursor: pointer; opacity: .72; }
  .tab:hover, .tab:focus-visible { opacity: 1; }
  .panel { width: min(26rem, calc(100vw - 32px)); max-height: min(75vh, 46rem, calc(100vh - var(--ccgen-panel, 0px) - 32px)); display: flex; flex-direction: column; }
  header { display: flex; align-items: center; gap: 12px; padding: 10px 10px 10px 16px; border-bottom: 1px solid #37322e; }
  h2 { font: 600 15px/1.4 system-ui, sans-serif; margin: 0; flex: 1; }
  h3 { font: 600 12px/1.4 system-ui, sans-serif; letter-spacing: .02em; color: #b9afa4; margin: 0 0 6px; }
  .inside { overflow: auto; padding: 14px 16px 16px; display: grid; gap: 18px; }
  .close { font: inherit; color: inherit; background: #37322e; border: 0; border-radius: 6px; padding: 7px 12px; min-height: 36px; cursor: pointer; }
  .close:hover { background: #4a433d; }
  ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 4px; }
  li { overflow-wrap: anywhere; }
  summary { cursor: pointer; color: #b9afa4; padding: 6px 0; }
  a { color: #ffc9a3; text-underline-offset: 3px; }
  :focus-visible { outline: 2px solid #ffb4a8; outline-offset: 2px; }
  pre { font: 12px/1.5 ui-monospace, Menlo, Consolas, monospace; margin: 0; padding: 10px 12px; background: #282421; border-radius: 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
  label { display: flex; align-items: center; gap: 10px; min-height: 36px; }
  input { accent-color: #ff8a7a; font: inherit; }
  input[type="checkbox"] { width: 18px; height: 18px; margin: 0; }
  input[type="datetime-local"] { color: inherit; background: #282421; border: 1px solid #4a433d; border-radius: 6px; padding: 5px 8px; color-scheme: dark; min-width: 0; flex: 1; }
  p { margin: 0; color: #b9afa4; }
  .wrong { color: #ff8a7a; }
`;

function element(kind, name, text) {
  const made = document.createElement(kind);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

function link(text, address) {
  if (!address) return element("span", "", text);
  const made = element("a", "", text);
  made.href = address;
  return made;
}

function part(title, ...inside) {
  const made = element("section");
  made.append(element("h3", "", title), ...inside);
  return made;
}

function list(items) {
  const made = element("ul");
  for (const item of items) {
    const line = element("li");
    line.append(item);
    made.append(line);
  }
  return made;
}

const host = element("ccgen-bar");
const root = host.attachShadow({ mode: "open" });
const tab = element("button", "tab", "Preview");
tab.type = "button";
const panel = element("section", "panel");
panel.setAttribute("aria-label", "Preview");
const close = element("button", "close", "Close");
close.type = "button";
const inside = element("div", "inside");
const head = element("header");
head.append(element("h2", "", "Preview"), close);
panel.append(head, inside);
root.append(element("style", "", LOOK), tab);

async function turn(switches) {
  let wrong = "The preview does not answer";
  try {
    const answer = await fetch(`${LIVE}switch`, { method: "POST", body: JSON.stringify(switches) });
    ({ wrong } = await answer.json());
  } catch {
    // it is told
  }
  if (wrong) inside.querySelector(".wrong").textContent = wrong;
}

function switchesOf(now, asAt) {
  const drafts = element("input");
  const future = element("input");
  const clock = element("input");
  drafts.type = future.type = "checkbox";
  clock.type = "datetime-local";
  drafts.checked = now.drafts;
  future.checked = now.future;
  const [day, time = "00:00"] = (now.clock || asAt).split(/[T ]/);
  clock.value = day && `${day}T${time.slice(0, 5)}`;
  const given = clock.value; // which has no seconds, and no zone
  const rows = [
    [drafts, "Drafts"],
    [future, "Articles with a date to come"],
  ].map(([field, words]) => {
    const label = element("label");
    label.append(field, words);
    return label;
  });
  const field = element("label");
  field.append("As at", clock);
  const wanted = () => (clock.value === given ? now.clock : clock.value.replace("T", " "));
  const change = () => turn({ drafts: drafts.checked, future: future.checked, clock: wanted() });
  drafts.onchange = future.onchange = change;
  clock.onblur = () => clock.value !== given && change(); // not at every digit
  return part("What is shown", ...rows, field, element("p", "wrong", ""));
}

let wasOpen = false; // the list of other files, from one filling to the next

let asked = 0;

async function fill() {
  const mine = ++asked;
  try {
    const answer = await fetch(`${LIVE}about?path=${encodeURIComponent(location.pathname)}`);
    const found = await answer.json();
    if (mine === asked) tell(found);
  } catch {
    // the server went away; the page is told when it is back
  }
}

function tell(found) {
  const parts = [];
  parts.push(
    part(
      "Found on this page",
      found.findings.length ? list(found.findings.map((one) => element("pre", "", one.text))) : element("p", "", "Nothing."),
    ),
  );
  if (found.switches) parts.push(switchesOf(found.switches, found.as_at));
  for (const product of found.products) {
    const others = product.pages.map((one) => link(one, encodeURI(one)));
    if (product.more) others.push(element("p", "", `and ${product.more} more`));
    parts.push(part(`${product.name} is also on`, others.length ? list(others) : element("p", "", "no other page.")));
  }
  if (found.sources.length) {
    const [own, ...others] = found.sources.map((one) => link(one.path, one.editor));
    const more = element("details");
    more.open = wasOpen;
    more.ontoggle = () => (wasOpen = more.open);
    more.append(element("summary", "", `and ${others.length} more file${others.length > 1 ? "s" : ""}`), list(others));
    parts.push(part("Made from", list([own]), ...(others.length ? [more] : [])));
  }
  inside.replaceChildren(...parts);
}

function show(open) {
  (open ? tab : panel).remove();
  root.append(open ? panel : tab);
  try {
    sessionStorage.setItem("ccgen:bar", open ? "open" : "");
  } catch {
    // it begins closed then
  }
  if (open) fill();
}

tab.onclick = () => {
  show(true);
  close.focus();
};
close.onclick = () => {
  show(false);
  tab.focus();
};
panel.onkeydown = (event) => {
  if (event.key === "Escape") close.click();
};
document.documentElement.append(host);
document.addEventListener("ccgen:news", ({ detail: { switches: now, as_at: asAt } }) => {
  const standing = now && (now.clock || asAt);
  const hidden = now && [now.drafts || "no drafts", now.future || "nothing to come", !standing || `as at ${standing}`];
  tab.textContent = ["Preview", ...(hidden || []).filter((one) => typeof one === "string")].join(" · ");
  if (panel.isConnected && !panel.contains(root.activeElement?.closest("label"))) fill();
});
try {
  if (sessionStorage.getItem("ccgen:bar")) show(true);
} catch {
  // as above
}
