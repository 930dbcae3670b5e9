/* Settles light or dark before anything is painted: 'auto' follows the system. */
(function () {
  var root = document.documentElement;
  var dark = window.matchMedia('(prefers-color-scheme: dark)');
  root.dataset.wish = root.dataset.theme || 'auto';
  function settle() {
    root.dataset.theme = root.dataset.wish === 'auto' ? (dark.matches ? 'dark' : 'light') : root.dataset.wish;
    document.dispatchEvent(new CustomEvent('foedus:theme'));
  }
  dark.addEventListener('change', settle);
  window.foedusTheme = function (wish) { root.dataset.wish = wish; settle(); };
  settle();
})();
