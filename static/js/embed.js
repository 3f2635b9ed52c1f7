"use strict";
// Tells the page around how high the card is, and sends its links out of the frame.
(function () {
  const tell = () => window.parent.postMessage({ liveReturnsHeight: document.documentElement.offsetHeight }, "*");
  new ResizeObserver(tell).observe(document.documentElement);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link) link.target = "_blank";
  });
  tell();
})();
