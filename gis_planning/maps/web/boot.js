/* Show the still picture, unpack the style and the programs of the page and run them; an old browser is told so. */
(function () {
  "use strict";
  if (typeof DecompressionStream !== "function") {
    document.getElementById("outdated").hidden = false;
    return;
  }
  function unpacked(id) {
    var packed = document.getElementById(id);
    var bytes = Uint8Array.from(atob(packed.textContent), function (sign) { return sign.charCodeAt(0); });
    packed.remove();
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
  }
  /* Something is seen at once. What a link leads to is not what the page shows at first. */
  unpacked("still-picture").arrayBuffer().then(function (drawn) {
    var picture = document.getElementById("still");
    picture.src = URL.createObjectURL(new Blob([drawn], { type: "image/svg+xml" }));
    picture.hidden = location.hash.length > 1;
    return picture.decode().catch(function () {});
  }).then(function () {
    return unpacked("programs").json();
  }).then(function (found) {
    var style = document.createElement("style");
    style.textContent = found.style;
    // Before our own style, which has the last word.
    document.head.prepend(style);
    // Whoever waits sees the picture before the machine is busy.
    setTimeout(function () {
      found.scripts.forEach(function (text) {
        var script = document.createElement("script");
        script.textContent = text;
        document.body.append(script);
      });
    }, 20);
  });
})();
