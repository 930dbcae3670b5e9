/*
 * The live layer. The socket carries ids only ({topic, id, alliance}); what they mean is fetched by one refresh of the page's
 * ".live" regions, at most once in 0.8 s, never while paused or hidden. Without a socket the page asks every ten seconds.
 */
(function () {
  'use strict';
  var desk = document.getElementById('desk');
  var topics = (desk.dataset.topics || '').split(' ').filter(Boolean);
  var button = document.getElementById('live-state');
  var said = document.getElementById('said');
  var connected = false, inFlight = false, wanted = false, timer = null, last = 0, poll = null;
  var paused = sessionStorage.getItem('foedus.paused') === 'yes';
  var WORDS = { connecting: 'Connecting', live: 'Live', paused: 'Paused', polling: 'Reconnecting, every 10 s' };

  function show() {
    var state = paused ? 'paused' : connected ? 'live' : poll ? 'polling' : 'connecting';
    button.dataset.state = state;
    button.querySelector('.what').textContent = WORDS[state];
    button.title = paused ? 'Resume live updates' : 'Pause live updates';
    button.setAttribute('aria-pressed', String(paused));
  }
  function say(text) { said.textContent = text; }

  function want() {
    wanted = true;
    if (paused || document.hidden || inFlight || timer || !topics.length) { return; }
    timer = setTimeout(run, Math.max(30, 800 - (Date.now() - last)));
  }
  function run() {
    timer = null;
    if (paused || document.hidden || inFlight) { return; }
    wanted = false; inFlight = true; last = Date.now();
    keep();
    window.foedusRefresh();
  }

  /* Open details and the focus inside refreshed regions outlive the refresh. */
  var opened = [], focus = null;
  function keep() {
    opened = Array.prototype.map.call(document.querySelectorAll('.live details[open][id]'), function (d) { return d.id; });
    focus = document.activeElement && document.activeElement.closest('.live') ? document.activeElement.id : null;
  }
  function restore() {
    opened.forEach(function (id) { var d = document.getElementById(id); if (d) { d.open = true; } });
    var f = focus && document.getElementById(focus);
    if (f && document.activeElement !== f) { f.focus({ preventScroll: true }); }
  }

  window.foedus = {
    heard: function (news) {
      document.dispatchEvent(new CustomEvent('foedus:news', { detail: news }));
      if (news.alliance && news.alliance !== desk.dataset.alliance) { return; }
      if (topics.indexOf(news.topic) >= 0 || news.topic === 'all') { want(); }
    },
    opened: function () { connected = true; clearInterval(poll); poll = null; show(); if (wanted) { want(); } },
    lost: function () {
      if (connected) { say('Live updates are off, reconnecting'); }
      connected = false;
      if (!poll) { poll = setInterval(want, 10000); wanted = true; }
      show();
    },
    refreshed: function () { inFlight = false; restore(); ages(); if (wanted) { want(); } },
    refresh: want,
    theme: function (wish) { window.foedusTheme(wish); closeDrops(); },
    url: function (query) { history.replaceState(null, '', location.pathname + (query ? '?' + query : '')); }
  };

  function closeDrops(except) {
    document.querySelectorAll('details.drop[open]').forEach(function (d) { if (d !== except) { d.open = false; } });
  }
  var acts = {
    pause: function () {
      paused = !paused;
      sessionStorage.setItem('foedus.paused', paused ? 'yes' : 'no');
      say(paused ? 'Live updates paused' : 'Live updates resumed');
      show();
      if (!paused) { want(); }
    },
    menu: function (b) { b.setAttribute('aria-expanded', String(desk.classList.toggle('menu-open'))); },
    copy: function (b) {
      var text = b.parentNode.querySelector('code').textContent, word = b.querySelector('span');
      function done() { word.textContent = 'Copied'; say('Copied'); setTimeout(function () { word.textContent = 'Copy'; }, 1600); }
      if (navigator.clipboard && window.isSecureContext) { navigator.clipboard.writeText(text).then(done); return; }
      var area = document.createElement('textarea');
      area.value = text; document.body.appendChild(area); area.select(); document.execCommand('copy'); area.remove(); done();
    }
  };
  acts.save = function (b) {
    var copies = b.closest('.stack').querySelectorAll('.copy code'), a = document.createElement('a');
    a.href = URL.createObjectURL(new Blob([copies[copies.length - 1].textContent], { type: 'text/yaml' }));
    a.download = b.dataset.name;
    a.click();
    URL.revokeObjectURL(a.href);
  };
  document.addEventListener('click', function (e) {
    var b = e.target.closest('[data-act]');
    if (b && acts[b.dataset.act]) { acts[b.dataset.act](b); }
    closeDrops(e.target.closest('details.drop'));
    if (desk.classList.contains('menu-open') && !e.target.closest('.rail, .menu-button')) { desk.classList.remove('menu-open'); }
  });
  document.addEventListener('keydown', function (e) {
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') {
      var find = document.getElementById('find');
      e.preventDefault();
      if (find.offsetParent) { find.focus(); find.select(); } else { location.assign(document.querySelector('.find-link').href); }
    }
    if (e.key !== 'Escape') { return; }
    var open = document.querySelector('details.drop[open]');
    if (open) { open.open = false; open.querySelector('summary').focus(); }
    desk.classList.remove('menu-open');
  });
  document.addEventListener('change', function (e) {
    if (e.target.matches('form[method=get] [data-submit]')) { e.target.form.requestSubmit(); }
  });
  document.addEventListener('submit', function (e) {
    if (e.target.matches('form[method=get]')) {
      e.target.querySelectorAll('input, select').forEach(function (i) { if (!i.value) { i.disabled = true; } });
    }
  });
  document.addEventListener('visibilitychange', function () { if (!document.hidden && wanted) { want(); } });

  /* Instants: local time, and an age that stays true. */
  var near = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
  var far = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false });
  function age(seconds) {
    var far = Math.abs(seconds), ahead = seconds < -5;
    if (far < 5) { return 'just now'; }
    var text = far < 60 ? Math.floor(far) + ' s' : far < 3600 ? Math.floor(far / 60) + ' min' : far < 86400 ? Math.floor(far / 3600) + ' h'
      : ahead && far < 86400 * 90 ? Math.round(far / 86400) + ' days' : null;
    return text && (ahead ? 'in ' + text : text + ' ago');
  }
  function ages() {
    var now = Date.now();
    document.querySelectorAll('time[datetime]').forEach(function (t) {
      var at = new Date(t.dateTime);
      if (isNaN(at)) { return; }
      var text = t.dataset.as === 'clock' ? near.format(at) : age((now - at) / 1000) || far.format(at);
      if (t.textContent !== text) { t.textContent = text; }
      if (!t.title) { t.title = far.format(at) + ':' + String(at.getSeconds()).padStart(2, '0') + ' (' + t.dateTime + ')'; }
    });
  }
  ages();
  setInterval(function () { if (!document.hidden) { ages(); } }, 5000);
  new MutationObserver(ages).observe(document.getElementById('main'), { childList: true, subtree: true });
  show();
})();
