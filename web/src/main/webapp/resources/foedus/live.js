/*
 * The live layer. The socket carries ids only ({topic, id, alliance, session}); what they mean is fetched by one refresh of the page's
 * ".live" regions, at most once in 0.8 s, never while paused or hidden. Without a socket the page asks every ten seconds.
 *
 * A page never loses its place. When the server has forgotten its state (many others were opened since) it takes a fresh one
 * from its own address, and keeps what was typed; when nobody answers it stays and asks again.
 */
(function () {
  'use strict';
  var desk = document.getElementById('desk');
  var topics = (desk.dataset.topics || '').split(' ').filter(Boolean);
  var button = document.getElementById('live-state');
  var said = document.getElementById('said'), told = document.getElementById('told');
  var STATE = 'input[name="jakarta.faces.ViewState"]';
  var connected = false, inFlight = false, sending = false, wanted = false, timer = null, last = 0, notBefore = 0, poll = null;
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
    timer = setTimeout(run, Math.max(30, 800 - (Date.now() - last), notBefore - Date.now()));
  }
  function run() {
    timer = null;
    if (paused || document.hidden || inFlight) { return; }
    wanted = false; inFlight = true; last = Date.now();
    keep();
    window.foedusRefresh();
  }

  /* Open details, ticks and the focus inside refreshed regions outlive the refresh. */
  var opened = [], ticked = {}, focus = null;
  function keep() {
    opened = Array.prototype.map.call(document.querySelectorAll('.live details[open][id]'), function (d) { return d.id; });
    ticked = {};
    document.querySelectorAll('.live input[type=checkbox][id]').forEach(function (i) { ticked[i.id] = i.checked; });
    focus = document.activeElement && document.activeElement.closest('.live') ? document.activeElement.id : null;
  }
  function restore() {
    opened.forEach(function (id) { var d = document.getElementById(id); if (d) { d.open = true; } });
    Object.keys(ticked).forEach(function (id) { var i = document.getElementById(id); if (i) { i.checked = ticked[id]; } });
    var f = focus && document.getElementById(focus);
    if (f && document.activeElement !== f) { f.focus({ preventScroll: true }); }
  }

  /* Says something on top of the page, until it is said again or something was done. */
  function tell(text, remedy, tone) {
    var line = document.createElement('p'), icon = document.createElement('i'), words = document.createElement('span'), strong = document.createElement('b');
    line.className = 'notice ' + (tone || 'warn');
    icon.className = 'pi pi-' + (tone === 'bad' ? 'times-circle' : 'exclamation-triangle');
    icon.setAttribute('aria-hidden', 'true');
    strong.textContent = text;
    words.append(strong, ' ' + (remedy || ''));
    line.append(icon, words);
    told.replaceChildren(line);
    told.scrollIntoView({ block: 'nearest' });
  }

  jQuery(document).on('pfAjaxSend', function () { told.replaceChildren(); })
    .on('pfAjaxComplete', function () { if (sending) { sending = false; told.replaceChildren(); } })
    .on('pfAjaxError', function () { sending = false; setTimeout(function () { tell(SILENT[0], 'It may not have done what you asked for. Try again when the page says \u201cLive\u201d; what you typed is still here.', 'bad'); }, 0); });

  /* This page's address, with the alliance that lies on it. */
  function here() {
    var address = new URL(location.href);
    if (desk.dataset.name && !address.searchParams.has('alliance')) { address.searchParams.set('alliance', desk.dataset.name); }
    address.hash = '';
    return address;
  }
  function renew() {
    return fetch(here(), { headers: { Accept: 'text/html', 'Foedus-Renewal': 'yes' }, cache: 'no-store' }).then(function (answer) {
      if (new URL(answer.url).pathname !== location.pathname) { location.assign(answer.url); return null; }
      return answer.ok ? answer.text() : null;
    }).then(function (html) {
      var fresh = html && new DOMParser().parseFromString(html, 'text/html').querySelector(STATE);
      if (!fresh) { return false; }
      document.querySelectorAll(STATE).forEach(function (i) { i.value = fresh.value; });
      return true;
    }).catch(function () { return false; });
  }
  function later() { notBefore = Date.now() + 5000; want(); }

  window.foedus = {
    /* The server has forgotten the page's state, and did nothing. */
    stale: function (byItself) {
      renew().then(function (renewed) {
        if (!renewed) { later(); return; }
        if (!byItself) { tell('This page had been open for so long that the server had to read it again.', 'Nothing was changed. Please do it once more.'); }
        want();
      });
    },
    failed: function (byItself, request) {
      if (byItself) { later(); } else { tell('That did not work.', 'The controller\u2019s log says why, under the request ' + request + '. Nothing that you typed is lost.', 'bad'); }
    },
    unanswered: function () { inFlight = false; later(); },
    tell: tell,
    sending: function () { sending = true; setTimeout(function () { if (sending) { tell('Sending the file \u2026', 'Leave this page open until it is done.', 'plain'); } }, 300); },
    heard: function (news) {
      document.dispatchEvent(new CustomEvent('foedus:news', { detail: news }));
      if (news.alliance && news.alliance !== desk.dataset.alliance) { return; }
      if (news.session && desk.dataset.session && news.session !== desk.dataset.session) { return; }
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

  /* Files: the page stays whatever comes of it. */
  var SILENT = ['The controller does not answer.', 'Nothing was saved. Try again when the page says \u201cLive\u201d.'];
  function named(answer) {
    var name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') || '');
    return answer.ok && name && name[1];
  }
  function save(b, again) {
    var form = b.form, body = new URLSearchParams(new FormData(form));
    body.set(b.name, b.value);
    fetch(form.action, { method: 'POST', body: body, cache: 'no-store' }).then(function (answer) {
      if (new URL(answer.url).pathname.endsWith('/login')) { location.assign(answer.url); return null; }
      if (named(answer)) { return answer.blob().then(function (file) { keepFile(file, named(answer)); }); }
      return answer.ok && !again ? renew().then(function () { save(b, true); }) : tell('The file could not be made.', 'The controller answered ' + answer.status + '. Try again shortly.', 'bad');
    }).catch(function () { tell(SILENT[0], SILENT[1], 'bad'); });
  }
  function keepFile(file, name) {
    var a = document.createElement('a');
    a.href = URL.createObjectURL(file); a.download = name; a.click();
    setTimeout(function () { URL.revokeObjectURL(a.href); }, 60000);
  }
  /* A model may be large: it is asked for, and left to the browser if it comes. */
  function fetchLater(link) {
    var probe = new AbortController();
    fetch(link.href, { signal: probe.signal, cache: 'no-store' }).then(function (answer) {
      var good = named(answer);
      probe.abort();
      if (good) { location.assign(link.href); } else { tell('The file cannot be downloaded.', 'The controller answered ' + answer.status + '. Look at the page again, or log in again.', 'bad'); }
    }).catch(function () { tell(SILENT[0], SILENT[1], 'bad'); });
  }
  document.addEventListener('click', function (e) {
    var file = e.target.closest('button.export, a.download');
    if (!file) { return; }
    e.preventDefault();
    told.replaceChildren();
    if (file.form) { save(file); } else { fetchLater(file); }
  });
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
    var count = document.querySelectorAll('input[name=compare]:checked').length;
    if (e.target.id === 'compare' && (count < 1 || count > 10)) {
      e.preventDefault();
      tell(count ? 'Ten sessions at most can be compared, and ' + count + ' are ticked.' : 'No session is ticked.', count ? 'Untick some of them.' : 'Tick the sessions to compare in the first column of the table, then press \u201cCompare ticked\u201d again.');
      return;
    }
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
