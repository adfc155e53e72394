// A page can stay open, or in a cache, for longer than its prices hold. What carries `data-until` is exchanged, from that
// instant on, for its own `data-then`, else for the words that this script's element carries; an empty `data-then` removes it.
(() => {
  "use strict";
  const words = document.currentScript.dataset.then;
  const LONGEST = 86400000; // a timer is set for a day at most: longer ones overflow in some browsers
  let timer = 0;

  const sweep = () => {
    const now = Date.now();
    let next = Infinity;
    for (const element of document.querySelectorAll("[data-until]")) {
      const until = Date.parse(element.dataset.until);
      if (until > now) {
        next = Math.min(next, until - now);
        continue;
      }
      const then = element.dataset.then ?? words;
      if (then === "") {
        element.remove();
        continue;
      }
      element.textContent = then;
      element.removeAttribute("data-until");
      if (element.classList.contains("price")) element.className = "quiet";
    }
    clearTimeout(timer);
    if (next < Infinity) timer = setTimeout(sweep, Math.min(next, LONGEST));
  };

  sweep();
  addEventListener("pageshow", sweep); // back from the browser's memory
  document.addEventListener("visibilitychange", sweep); // back from another tab, or from sleep
})();
