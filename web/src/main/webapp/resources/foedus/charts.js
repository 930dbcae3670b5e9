/*
 * The chart layer over Chart.js. A figure[data-chart] draws what its ".chart-data" element says in data-json. When that element
 * is replaced (live refresh) the chart takes over what is new, so that lines grow a point instead of being drawn again.
 *
 * line   {x, y, labels, series: [{name, values, low?, high?}]}          a band between low and high
 * box    {x, y, labels, boxes: [{min, q1, median, q3, max, points?}]}   floating bars and points
 * bars   {x, y, labels, series: [{name, values}]}                       bars side by side
 * stack  {x, y, labels, series: [{name, values, tone?}]}                stacked bars
 * lanes  {x, lanes, bars: [{lane, kind, from, to, text}]}               spans of time, one lane per actor
 * xy     {x, y, from?, until?, series: [{name, points: [[x, y]]}]}      lines over a measured axis
 */
(function () {
  'use strict';
  var charts = {};
  var still = window.matchMedia('(prefers-reduced-motion: reduce)');
  function token(name) { return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim(); }
  function colour(i) { return token('chart-' + (i % 10 + 1)); }
  function rgba(c, alpha) {
    var n = parseInt(c.slice(1), 16);
    return 'rgba(' + (n >> 16) + ',' + (n >> 8 & 255) + ',' + (n & 255) + ',' + alpha + ')';
  }
  var TONES = { ok: 'chart-1', bad: 'chart-10', warn: 'chart-2', idle: 'chart-9', busy: 'chart-3', train: 'chart-1', upload: 'chart-3', fold: 'chart-6', validate: 'chart-5', wait: 'chart-9', reduce: 'chart-2' };
  function tone(name, i) { return TONES[name] ? token(TONES[name]) : colour(i); }
  function number(v) {
    if (v === null || v === undefined || v === '') { return '–'; }
    if (typeof v !== 'number') { return String(v); }
    var a = Math.abs(v);
    return a !== 0 && (a < 0.001 || a >= 1e6) ? v.toExponential(2) : v.toLocaleString('en', { maximumFractionDigits: a < 1 ? 4 : a < 100 ? 2 : 1 });
  }

  function axes(spec, extra) {
    var grid = token('chart-grid'), text = token('chart-text');
    function axis(title, more) {
      return Object.assign({ title: { display: !!title, text: title, color: text, font: { size: 11.5 } }, grid: { color: grid, drawTicks: false }, border: { display: false },
        ticks: { color: text, padding: 8, maxRotation: 0, autoSkipPadding: 18, font: { size: 11.5 } } }, more || {});
    }
    return { x: axis(spec.x, Object.assign({ grid: { display: false } }, extra && extra.x)), y: axis(spec.y, Object.assign({ grace: '6%' }, extra && extra.y)) };
  }
  function least(spec) { return Math.min.apply(null, spec.series.reduce(function (all, s) { return all.concat(s.points.map(function (p) { return p[0]; })); }, [])); }
  /* Nothing that cannot be negative gets an axis that is: near nought it begins there. */
  function floor(spec) {
    var all = [];
    (spec.series || []).forEach(function (s) { (s.values || s.points.map(function (p) { return p[1]; })).concat(s.low || []).forEach(function (v) { if (v !== null) { all.push(v); } }); });
    if (!all.length || spec.log) { return {}; }
    var least = Math.min.apply(null, all), most = Math.max.apply(null, all);
    return Object.assign(least >= 0 && (least - (most - least) / 2 <= 0 || most === 0) ? { min: 0, suggestedMax: most === 0 ? 1 : undefined } : {}, ceiling(most));
  }
  /* What has come near to 1 and not beyond is a share. */
  function ceiling(most) { return most <= 1 && most > .85 ? { max: 1 } : {}; }
  function base(spec, extra) {
    return { responsive: true, maintainAspectRatio: false, animation: still.matches ? false : { duration: 320 }, interaction: { mode: 'index', intersect: false }, scales: axes(spec, extra),
      plugins: { legend: { display: true, position: 'top', align: 'end', labels: { color: token('chart-text'), usePointStyle: true, pointStyle: 'rectRounded', boxWidth: 8, boxHeight: 8, padding: 12, font: { size: 11.5 },
        filter: function (item, data) { return !data.datasets[item.datasetIndex].hush; } } },
      tooltip: { backgroundColor: token('rail'), titleColor: token('rail-ink'), bodyColor: token('rail-ink'), padding: 10, cornerRadius: 7, boxPadding: 5, usePointStyle: true,
        filter: function (item) { return !item.dataset.hush || item.dataset.told; },
        callbacks: { title: function (items) { return items.length ? (spec.x || '') + ' ' + items[0].label : ''; },
          label: function (item) { return item.dataset.tell ? item.dataset.tell(item) : item.dataset.label + ': ' + number(item.parsed.y); } } } } };
  }

  var kinds = {
    line: function (spec) {
      var sets = [], dense = spec.labels.length > 60;
      spec.series.forEach(function (s, i) {
        var c = tone(s.tone, i);
        if (s.low) {
          sets.push({ label: s.name + ' low', data: s.low, hush: true, borderWidth: 0, pointRadius: 0, fill: false, tension: .25 });
          sets.push({ label: s.name + ' high', data: s.high, hush: true, borderWidth: 0, pointRadius: 0, fill: '-1', backgroundColor: rgba(c, .16), tension: .25 });
        }
        sets.push({ label: s.name, data: s.values, borderColor: c, backgroundColor: c, borderWidth: 2, borderDash: i ? [4, 4] : [], order: -i, pointRadius: i || dense ? 0 : 2.5, pointHoverRadius: 5, tension: .25, spanGaps: true,
          tell: function (item) { return s.name + ': ' + number(item.parsed.y) + (s.low && s.low[item.dataIndex] !== null ? ' (' + number(s.low[item.dataIndex]) + ' to ' + number(s.high[item.dataIndex]) + ')' : ''); } });
      });
      return { type: 'line', data: { labels: spec.labels, datasets: sets }, options: base(spec, { y: Object.assign({ type: spec.log ? 'logarithmic' : 'linear' }, floor(spec)) }) };
    },
    xy: function (spec) {
      var whole = spec.series.every(function (s) { return s.points.every(function (p) { return p[0] === Math.round(p[0]); }); });
      var options = base(spec, { x: { type: 'linear', grid: { display: false } }, y: Object.assign({ type: spec.log ? 'logarithmic' : 'linear' }, floor(spec)) });
      if (whole) { options.scales.x.ticks.precision = 0; options.scales.x.min = least(spec); }
      if (spec.until !== undefined) { Object.assign(options.scales.x, { min: spec.from, max: spec.until }); }
      options.interaction = { mode: 'nearest', intersect: false };
      options.plugins.tooltip.callbacks.title = function (items) { return items.length ? spec.x + ' ' + number(items[0].parsed.x) : ''; };
      return { type: 'line', data: { datasets: spec.series.map(function (s, i) {
        return { label: s.name, data: s.points.map(function (p) { return { x: p[0], y: p[1] }; }), borderColor: tone(s.tone, i), backgroundColor: tone(s.tone, i), borderWidth: 2, pointRadius: s.points.length > 60 ? 0 : 2.5, tension: .2 };
      }) }, options: options };
    },
    box: function (spec) {
      function pick(f) { return spec.boxes.map(function (b) { return b ? f(b) : null; }); }
      function tell(item) {
        var b = spec.boxes[item.dataIndex];
        return b ? ['max ' + number(b.max), 'upper quartile ' + number(b.q3), 'median ' + number(b.median), 'lower quartile ' + number(b.q1), 'min ' + number(b.min), 'clients ' + b.count] : '';
      }
      var c = token('chart-1'), points = [];
      spec.boxes.forEach(function (b, i) { if (b && b.points) { b.points.forEach(function (p) { points.push({ x: spec.labels[i], y: p }); }); } });
      var options = base(spec);
      options.scales.y.beginAtZero = false;
      Object.assign(options.scales.y, ceiling(Math.max.apply(null, pick(function (b) { return b.max; }))));
      options.plugins.legend.display = true;
      return { type: 'bar', data: { labels: spec.labels, datasets: [
        { type: 'scatter', label: 'Outlying clients', data: points, backgroundColor: token('chart-2'), radius: 2.5, tell: function () { return null; }, hush: !points.length },
        { type: 'line', label: 'Median', data: pick(function (b) { return b.median; }), showLine: false, pointStyle: 'line', pointRadius: Math.max(2, Math.min(9, 130 / spec.labels.length)), pointHoverRadius: 9, borderColor: token('ink'), backgroundColor: token('ink'), borderWidth: 2.5, order: 1, tell: tell },
        { label: 'Half of the clients', data: pick(function (b) { return [b.q1, b.q3]; }), grouped: false, backgroundColor: rgba(c, .35), borderColor: c, borderWidth: 1, borderSkipped: false, borderRadius: 2, barPercentage: .62, maxBarThickness: 22, order: 2, tell: function () { return null; } },
        { label: 'Lowest to highest', data: pick(function (b) { return [b.min, b.max]; }), grouped: false, backgroundColor: token('chart-9'), barPercentage: .08, maxBarThickness: 2, order: 3, tell: function () { return null; } }
      ] }, options: options };
    },
    stack: function (spec) {
      var options = base(spec, { x: { stacked: true, grid: { display: false } }, y: { stacked: true, beginAtZero: true, ticks: { color: token('chart-text'), precision: spec.whole ? 0 : undefined, padding: 8, font: { size: 11.5 } } } });
      return { type: 'bar', data: { labels: spec.labels, datasets: spec.series.map(function (s, i) {
        return { label: s.name, data: s.values, backgroundColor: tone(s.tone, i), maxBarThickness: 26, borderRadius: 1.5, barPercentage: .86 };
      }) }, options: options };
    },
    bars: function (spec) {
      var options = base(spec);
      options.scales.y.grace = 0;
      return { type: 'bar', data: { labels: spec.labels, datasets: spec.series.map(function (s, i) {
        return { label: s.name, data: s.values, backgroundColor: tone(s.tone, i), maxBarThickness: 22, borderRadius: 2 };
      }) }, options: options };
    },
    lanes: function (spec) {
      var order = [], by = {};
      spec.bars.forEach(function (b) {
        if (!by[b.kind]) { by[b.kind] = []; order.push(b.kind); }
        by[b.kind].push({ x: [b.from, Math.max(b.to, b.from + spec.least)], y: b.lane, text: b.text });
      });
      var options = base(spec, { x: { type: 'linear', min: Math.floor(spec.from), max: Math.ceil(spec.until), grid: { color: token('chart-grid'), drawTicks: false } }, y: { type: 'category', labels: spec.lanes, offset: true, grid: { display: false }, grace: 0, ticks: { autoSkip: false, color: token('chart-text'), padding: 8 } } });
      options.indexAxis = 'y';
      options.interaction = { mode: 'nearest', intersect: true, axis: 'xy' };
      options.plugins.tooltip.callbacks.title = function (items) { return items.length ? items[0].raw.text : ''; };
      return { type: 'bar', data: { labels: spec.lanes, datasets: order.map(function (k, i) {
        return { label: k, data: by[k], grouped: false, backgroundColor: tone(spec.tones && spec.tones[k], i), barThickness: 14, borderRadius: 2, borderSkipped: false,
          tell: function (item) { return k + ': ' + number(item.raw.x[1] - item.raw.x[0]) + ' s'; } };
      }) }, options: options };
    }
  };

  /* Takes over what is new; equal values stay where they are, so that nothing jumps. */
  function grow(chart, config) {
    var now = chart.data, then = config.data;
    if (now.datasets.length !== then.datasets.length) { now.datasets = then.datasets; }
    if (then.labels) { now.labels = then.labels; }
    then.datasets.forEach(function (d, i) {
      var mine = now.datasets[i], values = d.data;
      Object.keys(d).forEach(function (k) { if (k !== 'data') { mine[k] = d[k]; } });
      values.forEach(function (v, j) { if (JSON.stringify(mine.data[j]) !== JSON.stringify(v)) { mine.data[j] = v; } });
      mine.data.length = values.length;
    });
    chart.options = config.options;
    chart.update(still.matches || document.hidden ? 'none' : undefined);
  }

  function isEmpty(spec) { return !spec || !((spec.series && spec.series.some(function (s) { return (s.values || s.points).some(function (v) { return v !== null; }); })) || (spec.boxes && spec.boxes.some(Boolean)) || (spec.bars && spec.bars.length)); }

  function draw(figure, force) {
    var source = document.getElementById(figure.dataset.source), json = source && source.dataset.json;
    if (!json || (!force && figure.seen === json)) { return; }
    figure.seen = json;
    var spec = JSON.parse(json), plot = figure.querySelector('.plot'), nothing = plot.querySelector('.nothing');
    figure.spec = spec;
    if (figure.querySelector('details').open) { tabulate(figure); }
    if (isEmpty(spec)) {
      if (!nothing) { nothing = document.createElement('p'); nothing.className = 'nothing'; plot.appendChild(nothing); }
      nothing.textContent = (spec && spec.nothing) || 'Nothing to draw yet.';
      plot.querySelector('canvas').style.visibility = 'hidden';
      return;
    }
    if (nothing) { nothing.remove(); }
    var canvas = plot.querySelector('canvas');
    canvas.style.visibility = '';
    var config = kinds[figure.dataset.chart](spec);
    if (figure.dataset.chart === 'lanes') { plot.style.height = Math.max(110, 74 + spec.lanes.length * 34) + 'px'; }
    if (charts[figure.id] && charts[figure.id].canvas === canvas) { grow(charts[figure.id], config); } else {
      if (charts[figure.id]) { charts[figure.id].destroy(); }
      charts[figure.id] = new Chart(canvas, config);
    }
  }
  function drawAll(force) { document.querySelectorAll('figure[data-chart]').forEach(function (f) { draw(f, force === true); }); }

  function tabulate(figure) {
    var spec = figure.spec, head, rows;
    if (!spec) { return; }
    if (spec.boxes) {
      head = [spec.x, 'Clients', 'Min', 'Lower quartile', 'Median', 'Upper quartile', 'Max'];
      rows = spec.boxes.map(function (b, i) { return b ? [spec.labels[i], b.count, b.min, b.q1, b.median, b.q3, b.max] : [spec.labels[i]]; });
    } else if (spec.bars) {
      head = ['Who', 'What', 'From (s)', 'To (s)'];
      rows = spec.bars.map(function (b) { return [b.lane, b.text + ': ' + b.kind, b.from, b.to]; });
    } else if (spec.series.length && spec.series[0].points) {
      head = ['Series', spec.x, spec.y]; rows = [];
      spec.series.forEach(function (s) { s.points.forEach(function (p) { rows.push([s.name, p[0], p[1]]); }); });
    } else {
      head = [spec.x];
      spec.series.forEach(function (s) { head.push(s.name); if (s.low) { head.push('lowest', 'highest'); } });
      rows = spec.labels.map(function (l, i) {
        var r = [l];
        spec.series.forEach(function (s) { r.push(s.values[i]); if (s.low) { r.push(s.low[i], s.high[i]); } });
        return r;
      });
    }
    var table = document.createElement('table'), body = table.createTBody(), top = table.createTHead().insertRow();
    table.className = 'plain num';
    head.forEach(function (h) { var th = document.createElement('th'); th.scope = 'col'; th.textContent = h; top.appendChild(th); });
    rows.slice(0, 2000).forEach(function (r) { var tr = body.insertRow(); head.forEach(function (h, i) { tr.insertCell().textContent = number(r[i]); }); });
    figure.querySelector('.table-wrap').replaceChildren(table);
  }

  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  document.addEventListener('toggle', function (e) { var f = e.target.closest && e.target.closest('figure[data-chart]'); if (f && e.target.open) { tabulate(f); } }, true);
  document.addEventListener('foedus:theme', function () {
    Object.keys(charts).forEach(function (id) { charts[id].destroy(); delete charts[id]; });
    drawAll(true);
  });
  new MutationObserver(function (changes) {
    if (changes.some(function (c) { return Array.prototype.some.call(c.addedNodes, function (n) { return n.nodeType === 1 && (n.matches('.chart-data, figure[data-chart]') || n.querySelector('.chart-data, figure[data-chart]')); }); })) { drawAll(); }
  }).observe(document.getElementById('main'), { childList: true, subtree: true });
  window.foedusCharts = { all: charts };
  drawAll();
})();
