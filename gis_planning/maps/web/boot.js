/* Unpack the style and the programs of the page and run them; a browser that cannot is told to be too old. */
(function () {
  "use strict";
  if (typeof DecompressionStream !== "function") {
    document.getElementById("outdated").hidden = false;
    return;
  }
  var packed = document.getElementById("programs");
  var bytes = Uint8Array.from(atob(packed.textContent), function (sign) { return sign.charCodeAt(0); });
  packed.remove();
  new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json().then(function (found) {
    var style = document.createElement("style");
    style.textContent = found.style;
    // Before our own style, which has the last word.
    document.head.prepend(style);
    found.scripts.forEach(function (text) {
      var script = document.createElement("script");
      script.textContent = text;
      document.body.append(script);
    });
  });
})();
