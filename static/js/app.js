/* Tasuki: makes plain forms and links smoother. Everything works without it.
   All words come from the page (#words). Nothing is kept in the browser. */
(function () {
'use strict';
var doc = document, body = doc.body, main = $('#main');
var words = ($('#words') || { dataset: {} }).dataset;

function $(query, from) { return (from || doc).querySelector(query); }
function all(query, from) { return Array.prototype.slice.call((from || doc).querySelectorAll(query)); }
function say(key, values) {
  return (words[key] || '').replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
}
function make(tag, attributes, text) {
  var node = doc.createElement(tag);
  for (var name in attributes) node.setAttribute(name, attributes[name]);
  if (text) node.textContent = text;
  return node;
}
function parse(html) {
  var holder = doc.createElement('template');
  holder.innerHTML = html.trim();
  return holder.content;
}
function send(url, data, options) {
  return fetch(url, Object.assign({
    method: 'POST', credentials: 'same-origin', body: new URLSearchParams(data || {}),
    headers: { 'X-Requested-With': 'fetch' }
  }, options)).then(function (answer) {
    if (answer.status === 401) cover.shut(say('over'));
    return answer;
  });
}
/* The same, and once more after the person has signed in again, if that was what it lacked. */
function sendSurely(url, data, options) {
  return send(url, data, options).then(function (answer) {
    return answer.status === 401 && cover.form ? cover.opened().then(function () { return sendSurely(url, data, options); }) : answer;
  });
}
function toast(text, wrong, again) {
  var place = $('#status');
  if (!place) return;
  place.textContent = '';
  var line = make('p', wrong ? { 'class': 'toast', 'data-tone': 'err' } : { 'class': 'toast' }, text);
  if (again) {
    var button = make('button', { type: 'button', 'class': 'btn-second btn-small' }, say('sendAgain'));
    button.addEventListener('click', function () { line.remove(); again(); });
    line.append(' ', button);
  }
  place.appendChild(line);
  if (!wrong) setTimeout(function () { line.remove(); }, 6000);
}
function sendAgain(form, button) {
  return form && form.requestSubmit ? function () { form.requestSubmit(button || null); } : null;
}
function composing(event) { return event.isComposing || event.keyCode === 229; }

/* ---- the cover: the page stays as it is under it, and the person's password takes it away ---- */
var cover = (function () {
  var place = $('#cover'), form = place && $('form', place), waiting = [], title = '', focused = null, sending = false;
  if (!form) return { form: null, shut: function () {}, isShut: function () { return false; }, opened: function () { return new Promise(function () {}); } };
  var heading = $('#cover-words'), first = heading.textContent, wrong = $('#cover-wrong'), field = $('#cover-password');
  function inert(on) { all('body > *').forEach(function (part) { if (part !== place) part.inert = on; }); }
  function shut(words) {
    if (!place.hidden) return;
    heading.textContent = words || first;
    focused = doc.activeElement;
    place.hidden = false;
    inert(true);
    all('video').forEach(function (video) { video.pause(); });
    title = doc.title;
    doc.title = heading.textContent;
    field.focus();
  }
  function open() {
    place.hidden = true;
    wrong.hidden = true;
    form.reset();
    inert(false);
    doc.title = title;
    if (focused && focused.focus) focused.focus({ preventScroll: true });
    waiting.splice(0).forEach(function (done) { done(); });
    doc.dispatchEvent(new CustomEvent('tasuki:opened'));
  }
  function tell(words) {
    wrong.textContent = words;
    wrong.hidden = false;
    field.select();
    field.focus();
  }
  form.addEventListener('submit', function (event) {
    if (event.submitter && event.submitter.hasAttribute('formaction')) return;
    event.preventDefault();
    event.stopPropagation();
    if (sending) return;
    sending = true;
    fetch(form.action, {
      method: 'POST', credentials: 'same-origin', body: new URLSearchParams(new FormData(form)),
      headers: { 'X-Requested-With': 'fetch' }
    }).then(function (answer) {
      if (answer.status === 204) return open();
      /* Ended on purpose, or somebody else's by now: there is nothing to go back to. */
      if ([401, 403, 404].indexOf(answer.status) >= 0) return location.assign('/');
      return answer.text().then(function (words) { tell(answer.status === 422 || answer.status === 429 ? words.slice(0, 200) : say('closed')); });
    }, function () { tell(say('closed')); }).then(function () { free(form); sending = false; });
  });
  return {
    form: form, shut: shut,
    isShut: function () { return !place.hidden; },
    opened: function () { return new Promise(function (done) { if (place.hidden) done(); else waiting.push(done); }); }
  };
})();

/* ---- menus close on a press elsewhere and on Escape ---- */
function closeMenus(except) {
  all('details[data-closes][open]').forEach(function (menu) {
    if (!except || !menu.contains(except)) menu.open = false;
  });
}
doc.addEventListener('click', function (event) { closeMenus(event.target); });
doc.addEventListener('keydown', function (event) {
  if (composing(event)) {
    if (event.key === 'Enter' && event.target.tagName === 'INPUT') event.preventDefault();
    return;
  }
  if (event.key === 'Escape') {
    var open = $('details[data-closes][open]');
    closeMenus();
    if (open) $('summary', open).focus();
  }
  var form = event.target.form;
  if (event.key === 'Enter' && event.target.tagName === 'INPUT' && form && $('[data-autosave]', form)) event.preventDefault();
});

/* ---- without cookies nobody can be kept signed in ---- */
if (navigator.cookieEnabled === false && $('form[action="/sign-in"],form[action^="/register"],form[action^="/join"]')) toast(say('cookies'), true);

/* ---- one press, one act ---- */
function free(form) { form.removeAttribute('aria-busy'); }
doc.addEventListener('submit', function (event) {
  var form = event.target;
  if ((form.getAttribute('method') || '').toLowerCase() !== 'post') return;
  if (form.getAttribute('aria-busy') === 'true') {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (navigator.onLine === false) {
    event.preventDefault();
    event.stopImmediatePropagation();
    toast(say('failed'), true, sendAgain(form, event.submitter));
    return;
  }
  form.setAttribute('aria-busy', 'true');
  setTimeout(function () { free(form); }, 10000);
}, true);
doc.addEventListener('htmx:finally:request', function (event) {
  var form = event.target.closest && event.target.closest('form');
  if (form) free(form);
});
doc.addEventListener('htmx:response:error', function (event) {
  var ctx = event.detail && event.detail.ctx, answer = ctx && ctx.response;
  if (answer && answer.status === 401) cover.shut(say('over'));
});
doc.addEventListener('htmx:error', function (event) {
  toast(say('failed'), true, sendAgain(event.target.closest && event.target.closest('form')));
});
window.addEventListener('pageshow', function (event) {
  if (event.persisted) location.reload();
  all('form[aria-busy]').forEach(free);
});

/* ---- streams ---- */
function listen(address, handlers) {
  var source, wait = 2000, timer, last = '';
  function open() {
    clearTimeout(timer);
    if (source) source.close();
    source = new EventSource(address(last));
    source.onopen = function () { wait = 2000; };
    source.onerror = function () {
      if (source.readyState !== 2) return;
      clearTimeout(timer);
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, 60000);
      if (handlers.gone) ask();
    };
    Object.keys(handlers).forEach(function (name) {
      source.addEventListener(name, function (event) { last = event.lastEventId || last; handlers[name](event); });
    });
  }
  /* A refused stream does not say why: a place that is no longer one's own is left, all else is tried again. */
  function ask() {
    fetch(address(last), { credentials: 'same-origin', headers: { Accept: 'text/event-stream' } }).then(function (answer) {
      if (answer.body) answer.body.cancel();
      if (answer.status === 401) cover.shut(say('over'));
      else if ([403, 404].indexOf(answer.status) >= 0) handlers.gone();
    }, function () {});
  }
  var sleep;
  doc.addEventListener('visibilitychange', function () {
    clearTimeout(sleep);
    if (!doc.hidden && (!source || source.readyState === 2)) open();
    /* A browser opens six lines to a house: pages that nobody looks at give theirs back, and catch up later. */
    if (doc.hidden) {
      sleep = setTimeout(function () { clearTimeout(timer); source.close(); }, matchMedia('(pointer:coarse)').matches ? 60000 : 5000);
    }
  });
  window.addEventListener('pagehide', function () { source.close(); });
  doc.addEventListener('tasuki:opened', open);
  open();
}
var title = doc.title;
function countInTitle(n) { doc.title = n > 0 ? '(' + n + ') ' + title : title; }

/* ---- the timeline ---- */
function articlesOf(posts) { return all('article[data-seq]', posts); }
function timeline(posts) {
  var unseen = 0, firstNew = null, lastSaid = 0, atEnd = false;
  var end = make('div', { 'aria-hidden': 'true' }), spoken = make('p', { 'class': 'vh', role: 'status' });
  var pill = make('button', { 'class': 'pill', type: 'button', hidden: '' });
  posts.after(end, spoken, pill);

  function seq(node) { return Number(node.dataset.seq); }
  function showPill() {
    pill.hidden = unseen < 1;
    if (unseen) pill.textContent = say('new', { n: unseen });
    countInTitle(unseen);
  }
  function seen() {
    unseen = 0; firstNew = null;
    showPill();
  }
  new IntersectionObserver(function (entries) {
    atEnd = entries[entries.length - 1].isIntersecting;
    if (atEnd && !doc.hidden) seen();
  }).observe(end);
  doc.addEventListener('visibilitychange', function () { if (!doc.hidden && atEnd) seen(); });
  pill.addEventListener('click', function () {
    var target = firstNew || end;
    target.scrollIntoView({ block: 'start', behavior: 'smooth' });
    if (firstNew) { firstNew.tabIndex = -1; firstNew.focus({ preventScroll: true }); }
    unseen = 0; firstNew = null;
    showPill();
  });

  function replace(old, fresh) {
    var video = $('video', old);
    if (video && !video.paused) {
      ['.post-body', '.post-foot'].forEach(function (part) {
        if ($(part, old) && $(part, fresh)) $(part, old).replaceWith($(part, fresh));
      });
      return old;
    }
    var targets = 'a,button,summary', at = all(targets, old).indexOf(doc.activeElement);
    var open = $('details[open]', old) && $('details', fresh);
    if (open) open.open = true;
    old.replaceWith(fresh);
    if (at >= 0) (all(targets, fresh)[at] || fresh).focus({ preventScroll: true });
    return fresh;
  }
  function dayLine(node) {
    var days = all('.day', posts), last = days[days.length - 1];
    if (!node.dataset.dayWords || (last && last.dataset.day >= node.dataset.day)) return;
    var line = make('h2', { 'class': 'day', 'data-day': node.dataset.day });
    line.appendChild(make('time', { datetime: node.dataset.day }, node.dataset.dayWords));
    posts.appendChild(line);
  }
  function insert(fresh) {
    var list = articlesOf(posts), before = null;
    if (list.length && seq(fresh) < seq(list[0])) {
      if ($('#older')) return null;
      posts.insertBefore(fresh, list[0]);
      return null;
    }
    list.forEach(function (node) { if (seq(node) < seq(fresh)) before = node; });
    if (before && before !== list[list.length - 1]) { before.after(fresh); return null; }
    dayLine(fresh);
    posts.appendChild(fresh);
    return fresh;
  }
  function arrived(node) {
    all('[data-empty],.empty', main).forEach(function (empty) { empty.remove(); });
    if (node.hasAttribute('data-own')) return;
    if (atEnd && !doc.hidden) {
      node.scrollIntoView({ block: 'end', behavior: 'smooth' });
      seen();
    } else {
      unseen++;
      firstNew = firstNew || node;
      showPill();
    }
    if (Date.now() - lastSaid > 10000) {
      lastSaid = Date.now();
      spoken.textContent = say('newSaid', { n: Math.max(unseen, 1) });
    }
  }
  listen(function () {
    var url = posts.dataset.stream;
    return url + (url.indexOf('?') < 0 ? '?' : '&') + 'rev=' + (posts.dataset.rev || 0);
  }, {
    post: function (event) {
      var fresh = $('article', parse(event.data));
      if (event.lastEventId) posts.dataset.rev = event.lastEventId;
      if (!fresh) return;
      var old = doc.getElementById(fresh.id), added = null;
      if (old) fresh = replace(old, fresh); else added = insert(fresh);
      if (window.htmx && fresh.isConnected) window.htmx.process(fresh);
      if (added) arrived(added);
    },
    gone: function () { location.assign('/'); },
    reload: function () { location.reload(); }
  });

  function openAtTheRightPlace() {
    if (location.hash || /[?&](before|around)=/.test(location.search)) return;
    var line = $('#unread'), list = articlesOf(posts);
    if (line) line.scrollIntoView({ block: 'start' });
    else if (list.length) end.scrollIntoView({ block: 'end' });
  }
  openAtTheRightPlace();

  posts.addEventListener('click', function (event) {
    var link = event.target.closest('#older a');
    if (!link || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    link.setAttribute('aria-busy', 'true');
    fetch(link.href, { credentials: 'same-origin' }).then(function (answer) {
      if (!answer.ok) throw answer;
      return answer.text();
    }).then(function (html) { putOlder(new DOMParser().parseFromString(html, 'text/html')); },
      function () { location.assign(link.href); });
  });
  function putOlder(page) {
    var fresh = $('#posts', page), height = doc.documentElement.scrollHeight, top = window.scrollY;
    if (!fresh) return;
    all('#unread', fresh).forEach(function (line) { line.remove(); });
    all('article', fresh).forEach(function (node) { if (doc.getElementById(node.id)) node.remove(); });
    var days = all('.day', fresh), first = $('.day', posts);
    if (days.length && first && days[days.length - 1].dataset.day === first.dataset.day) first.remove();
    $('#older').remove();
    var nodes = all('*', fresh).filter(function (node) { return node.parentNode === fresh; });
    nodes.reverse().forEach(function (node) {
      posts.prepend(doc.adoptNode(node));
      if (window.htmx) window.htmx.process(node);
    });
    window.scrollTo(0, top + doc.documentElement.scrollHeight - height);
    var next = $('#older a') || $('article', posts);
    if (next.tagName !== 'A') next.tabIndex = -1;
    next.focus({ preventScroll: true });
  }
}
if ($('#posts[data-stream]')) timeline($('#posts'));

/* ---- what was on the screen is read, and nothing else ---- */
/* A post was seen once its end stood in sight for a moment. They are read in their order: one that was jumped over
   stays unread, and so does what comes after it. */
function reader(posts) {
  var read = Number(posts.dataset.read), said = posts.hasAttribute('data-looked') ? read : -1, wait = 2000, sending = false, timer, retry;
  var watch = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) { entry.target.inSight = entry.isIntersecting; });
    soon();
  }, { rootMargin: '0px 0px -48px 0px' });
  function observe() {
    articlesOf(posts).forEach(function (node) {
      var end = node.lastElementChild;
      if (!end || node.watched === end) return;
      node.watched = end;
      watch.observe(end);
    });
  }
  function soon() { clearTimeout(timer); timer = setTimeout(look, 800); }
  function look() {
    if (doc.hidden || cover.isShut()) return;
    var next = read;
    articlesOf(posts).forEach(function (node) {
      if (node.watched && node.watched.inSight) node.seen = true;
      var seq = Number(node.dataset.seq);
      if (seq === next + 1 && (node.seen || node.hasAttribute('data-own'))) next = seq;
    });
    if (next > said && !sending) tell(next);
  }
  function tell(next) {
    sending = true;
    clearTimeout(retry);
    send(posts.dataset.readUrl, { seq: next }, { keepalive: true }).then(function (answer) {
      if (!answer.ok) throw answer;
      var news = articlesOf(posts).filter(function (node) {
        var seq = Number(node.dataset.seq);
        return seq > read && seq <= next && !node.hasAttribute('data-own');
      });
      takeFromBadge(news.length);
      read = said = next;
      wait = 2000;
      sending = false;
      look();
    }).catch(function () {
      sending = false;
      retry = setTimeout(look, wait);
      wait = Math.min(wait * 2, 60000);
    });
  }
  function keepLine() {
    if (!$('p#unread', posts) || /[?&](before|after|around|new)=/.test(location.search)) return;
    var here = new URL(location.href);
    here.searchParams.set('new', read);
    history.replaceState(history.state, '', here);
  }
  /* Whoever presses 了解 has read it. */
  posts.addEventListener('click', function (event) {
    var pressed = event.target.closest('.ack button');
    if (pressed) { pressed.closest('article').seen = true; look(); }
  });
  var button = $('#read-here');
  if (button) button.hidden = true;
  keepLine();
  observe();
  new MutationObserver(observe).observe(posts, { childList: true });
  doc.addEventListener('visibilitychange', soon);
  window.addEventListener('online', look);
  soon();
}
if (window.IntersectionObserver && $('#posts[data-read-url]')) reader($('#posts'));

/* ---- news of the person's other places ---- */
function setBadge(place, n) {
  all('[data-unread]').forEach(function (badge) {
    if (badge.dataset.unread !== String(place)) return;
    badge.hidden = !(n > 0);
    $('.badge-n', badge).textContent = n > 99 ? '99+' : n;
  });
}
function takeFromBadge(n) {
  var badge = $('[data-unread="all"] .badge-n'), now = badge && Number(badge.textContent);
  if (n > 0 && now > 0) setBadge('all', Math.max(0, now - n));
}
function total(n) {
  if (typeof n !== 'number') return;
  setBadge('all', n);
  countInTitle(n);
}
if (body.dataset.events && !$('#posts[data-stream]')) listen(function (last) { return body.dataset.events + (last ? '?since=' + last : ''); }, {
  place: function (event) {
    var news = JSON.parse(event.data), list = $('#places');
    setBadge(news.group, news.unread);
    total(news.total);
    if (!list || !(news.html || news.gone)) return;
    var old = doc.getElementById('row-' + news.group);
    if (news.gone) { if (old) old.remove(); return; }
    var fresh = $('li', parse(news.html));
    if (!fresh || (old && old.contains(doc.activeElement))) return;
    if (old) old.remove();
    var first = $('li:not([data-pinned])', list);
    list.insertBefore(fresh, fresh.hasAttribute('data-pinned') ? list.firstChild : first);
  },
  count: function (event) { total(JSON.parse(event.data).unread); },
  reload: function () { location.reload(); }
});

/* ---- what is to be done before a form leaves ---- */
/* `need` answers nothing when there is nothing to do, or the promise of its work. With nothing to do, or a script that
   fails, the form's own submit goes on. */
function beforeLeaving(form, need) {
  var sure = false;
  form.addEventListener('submit', function (event) {
    var work = null, button = event.submitter;
    if (sure || event.defaultPrevented) return;
    try { work = need(); } catch (_) { return; }
    if (!work) return;
    event.preventDefault();
    work.then(function () {
      /* In a task of its own: browsers ignore a submit within a submit. */
      setTimeout(function () {
        sure = true;
        free(form);
        if (form.requestSubmit) form.requestSubmit(button); else form.submit();
        sure = false;
      });
    }, function (words) {
      free(form);
      toast(typeof words === 'string' ? words : say('failed'), true, typeof words === 'string' ? null : sendAgain(form, button));
    });
  });
}

/* ---- drafts ---- */
all('[data-autosave]').forEach(function (area) {
  var timer, since = 0, wait = 5000, saved = area.value, form = area.form;
  var line = make('p', { 'class': 'saved', role: 'status' });
  area.after(line);
  function save(options) {
    clearTimeout(timer);
    since = 0;
    if (area.value === saved) return Promise.resolve();
    var text = area.value;
    return sendSurely(area.dataset.autosave, { body: text }, options).then(function (answer) {
      if (answer.status === 422) return answer.text().then(function (words) { line.textContent = words.slice(0, 200); });
      if (!answer.ok) throw answer;
      saved = text;
      wait = 5000;
      line.textContent = say('kept');
    });
  }
  /* Tried again by itself, until it is in. */
  function missed() {
    line.textContent = say('unkept');
    wait = Math.min(wait * 2, 60000);
    clearTimeout(timer);
    timer = setTimeout(keep, wait);
  }
  function keep() { save().catch(missed); }
  /* While somebody types on and on it is saved all the same, every twenty seconds. */
  function typed() {
    since = since || Date.now();
    clearTimeout(timer);
    timer = setTimeout(keep, Math.max(0, Math.min(5000, since + 20000 - Date.now())));
  }
  area.addEventListener('input', function (event) { if (!composing(event)) typed(); });
  area.addEventListener('compositionend', typed);
  window.addEventListener('online', keep);
  doc.addEventListener('visibilitychange', function () {
    /* What a page sends after it was left may have 64 KiB; a kanji has nine bytes in a form. */
    if (doc.hidden) save({ keepalive: encodeURIComponent(area.value).length < 60000 }).catch(missed);
    else if (area.value !== saved) keep();
  });
  beforeLeaving(form, function () { return area.value === saved ? null : save(); });
});

/* ---- photos, videos, files ---- */
function megabytes(n) { return (n / 1048576 < 10 ? Math.round(n / 104857.6) / 10 : Math.round(n / 1048576)) + 'MB'; }
function isHeic(file) { return /hei[cf]/i.test(file.type) || /\.hei[cf]$/i.test(file.name); }
/* A smaller upright JPEG of the photo; the photo itself where the browser cannot or need not. */
function lighter(file) {
  if (!/^image\//.test(file.type) && !isHeic(file)) return Promise.resolve(file);
  if (!isHeic(file) && file.size < 2500000) return Promise.resolve(file);
  if (!window.createImageBitmap) return Promise.resolve(file);
  return createImageBitmap(file, { imageOrientation: 'from-image' }).then(function (picture) {
    var scale = Math.min(1, 2560 / Math.max(picture.width, picture.height)), canvas = make('canvas', {});
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    var pen = canvas.getContext('2d');
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise(function (done) { canvas.toBlob(done, 'image/jpeg', 0.88); }).then(function (blob) {
      if (!blob || (!isHeic(file) && blob.size >= file.size)) return file;
      return new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' });
    });
  }).catch(function () { return file; });
}
function uploads(input) {
  var form = input.form, list = $('.uploads', form), max = Number(input.dataset.max), running = 0, waiting = [];
  var kinds = input.accept.split(',').map(function (kind) { return kind.trim().toLowerCase(); });
  input.removeAttribute('name');

  function allowed(file) {
    return isHeic(file) || kinds.some(function (kind) {
      return kind[0] === '.' ? file.name.toLowerCase().slice(-kind.length) === kind : kind === file.type;
    });
  }
  function row(file) {
    var line = make('li', { 'class': 'upload' }), name = make('span', { 'class': 'upload-name' });
    var bar = make('progress', { max: 100, value: 0, 'aria-label': file.name });
    var stop = make('button', { type: 'button', 'class': 'btn-third btn-small' }, say('cancel'));
    stop.appendChild(make('span', { 'class': 'vh' }, '（' + file.name + '）'));
    name.append(make('b', {}, file.name), make('span', { 'class': 'upload-say' }, say('waiting')));
    line.append($('.icon', input.closest('label')).cloneNode(true), name, stop, bar);
    list.appendChild(line);
    var job = { file: file, line: line, bar: bar, said: $('.upload-say', name), xhr: null, off: false, id: null };
    stop.addEventListener('click', function () {
      job.off = true;
      if (job.xhr) job.xhr.abort();
      if (job.id) send('/uploads/' + job.id + '/removal').catch(function () {});
      line.remove();
      input.focus();
    });
    return job;
  }
  function fail(job, text) {
    job.line.setAttribute('data-wrong', '');
    job.said.textContent = text || say('lost');
    job.said.setAttribute('role', 'alert');
    job.bar.remove();
  }
  function refuse(answer) {
    return answer.text().then(function (text) { throw answer.status === 422 || answer.status === 413 ? text.slice(0, 200) : ''; });
  }
  function part(job, number, from, size, tries) {
    return new Promise(function (done, failed) {
      var xhr = job.xhr = new XMLHttpRequest();
      xhr.open('PUT', '/uploads/' + job.id + '/parts/' + number);
      xhr.setRequestHeader('Content-Type', 'application/octet-stream');
      xhr.timeout = 120000;
      xhr.upload.onprogress = function (event) {
        var percent = Math.min(99, Math.floor((from + event.loaded) / job.file.size * 100));
        job.bar.value = percent;
        job.said.textContent = percent + '%';
      };
      xhr.onload = function () {
        if (xhr.status < 300) done();
        else if (xhr.status === 401 && cover.form) {
          cover.shut(say('over'));
          cover.opened().then(function () { done(part(job, number, from, size, tries)); });
        } else failed(xhr.status === 422 || xhr.status === 413 ? xhr.responseText.slice(0, 200) : '');
      };
      xhr.onerror = xhr.ontimeout = function () { failed(null); };
      xhr.send(job.file.slice(from, from + size));
    }).catch(function (words) {
      if (words || job.off || tries >= 3) throw words;
      return new Promise(function (done) { setTimeout(done, 1000 * Math.pow(3, tries)); })
        .then(function () { return part(job, number, from, size, tries + 1); });
    });
  }
  function parts(job, size) {
    var chain = Promise.resolve(), number = 0;
    for (var from = 0; from < job.file.size; from += size) {
      (function (from, number) {
        chain = chain.then(function () { if (job.off) throw ''; return part(job, number, from, size, 0); });
      })(from, number++);
    }
    return chain;
  }
  function start(job) {
    return lighter(job.file).then(function (file) {
      job.file = file;
      if (job.off) throw '';
      if (file.size > max) throw say(/^video\//.test(file.type) ? 'bigVideo' : 'bigFile', { max: megabytes(max).replace('.0', ''), size: megabytes(file.size) });
      return sendSurely(input.dataset.uploads, { name: file.name, size: file.size, type: file.type, draft: input.dataset.draft || '' });
    }).then(function (answer) { return answer.ok ? answer.json() : refuse(answer); })
      .then(function (upload) { job.id = upload.id; return parts(job, upload.part_size); })
      .then(function () { return sendSurely('/uploads/' + job.id + '/completion'); })
      .then(function (answer) { return answer.ok ? answer.text() : refuse(answer); })
      .then(function (html) { if (!job.off) job.line.replaceWith(parse(html)); })
      .catch(function (words) { if (!job.off) fail(job, typeof words === 'string' ? words : isHeic(job.file) ? say('heic') : ''); });
  }
  function next() {
    while (running < 2 && waiting.length) {
      running++;
      start(waiting.shift()).then(function () { running--; next(); });
    }
  }
  input.addEventListener('change', function () {
    Array.prototype.forEach.call(input.files, function (file) {
      var job = row(file);
      if (!allowed(file)) fail(job, say('kind'));
      else if (/^video\//.test(file.type) && file.size > max) fail(job, say('bigVideo', { max: megabytes(max), size: megabytes(file.size) }));
      else waiting.push(job);
    });
    input.value = '';
    next();
  });
  beforeLeaving(form, function () { return running ? Promise.reject(say('uploading')) : null; });
}
all('[data-uploads]').forEach(uploads);
doc.addEventListener('click', function (event) {
  var button = event.target.closest('.upload button[data-removal]');
  if (!button) return;
  event.preventDefault();
  send(button.dataset.removal).then(function (answer) {
    if (answer.ok) button.closest('.upload').remove(); else toast(say('failed'), true);
  }, function () { toast(say('failed'), true); });
});

/* ---- typing: search while you write, but never half-typed kana ---- */
function typed(field) {
  clearTimeout(field.typedTimer);
  field.typedTimer = setTimeout(function () { field.dispatchEvent(new CustomEvent('jp:input', { bubbles: true })); }, 300);
}
doc.addEventListener('input', function (event) { if (!event.isComposing) typed(event.target); });
doc.addEventListener('compositionend', function (event) { typed(event.target); });
/* Folds as the house does (crates/base/src/text/fold.rs); the table of old forms comes when it is first needed. */
var forms = null;
function learnForms() {
  if (forms || !words.forms) return;
  forms = {};
  fetch(words.forms).then(function (answer) { return answer.ok ? answer.text() : ''; }).then(function (table) {
    table.split(/\s+/).forEach(function (group) {
      var all = Array.from(group);
      all.slice(1).forEach(function (old) { forms[old] = all[0]; });
    });
    all('[data-filter]').forEach(function (field) { if (field.value) filter(field); });
  }, function () { forms = null; });
}
function hiragana(text) {
  return text.replace(/[\u30a1-\u30f6\u30fd\u30fe]/g, function (kana) { return String.fromCharCode(kana.charCodeAt(0) - 96); });
}
function folded(text) {
  var before = '';
  return Array.from(text.replace(/\u309b/g, '\u3099').replace(/\u309c/g, '\u309a').normalize('NFKC').toLowerCase()).map(function (c) {
    if (/[\s\u200b-\u200f\u2060\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u.test(c)) return '';
    c = forms && forms[c] || c;
    c = hiragana(c);
    if (c === '\u3096') c = '\u3051';
    if (c === '\u3095') c = '\u304b';
    if (before && /[\u3005\u303b\u309d]/.test(c)) c = before;
    if (before && c === '\u309e') c = (before + '\u3099').normalize('NFC');
    before = c;
    return c;
  }).join('');
}
/* One filter for all lists: the items of the place, in whatever sections they stand. */
function filter(field) {
  var place = $(field.dataset.filter), n = 0;
  if (!place) return;
  var want = field.value.split(/\s+/).map(folded).filter(Boolean);
  var items = all('li', place).filter(function (line) { return !line.parentNode.closest('li'); });
  items.forEach(function (line) {
    var text = folded(line.dataset.text || line.textContent);
    line.hidden = !want.every(function (word) { return text.indexOf(word) >= 0; });
    if (!line.hidden) n++;
  });
  all('section', place).concat(place.tagName === 'SECTION' ? [place] : []).forEach(function (part) {
    if ($('li', part)) part.hidden = !$('li:not([hidden])', part);
  });
  var row = field.closest('.search-row') || field, said = row.nextElementSibling;
  if (!said || !said.hasAttribute('data-said')) row.after(said = make('p', { 'class': 'saved', role: 'status', 'data-said': '' }));
  said.textContent = !want.length ? '' : n ? say('found', { n: n }) : say('none');
}
doc.addEventListener('focusin', function (event) { if (event.target.dataset && event.target.dataset.filter) learnForms(); });
doc.addEventListener('jp:input', function (event) { if (event.target.dataset && event.target.dataset.filter) filter(event.target); });
function countPicked() {
  all('[data-count-of]').forEach(function (place) {
    place.textContent = say('picked', { n: all(place.dataset.countOf + ' input:checked').length + Number(place.dataset.countFrom || 0) });
  });
}
doc.addEventListener('change', countPicked);
doc.addEventListener('click', function (event) {
  var button = event.target.closest('[data-check-all],[data-check-none]'), turn = event.target.closest('[data-turns]');
  if (button) {
    var yes = button.hasAttribute('data-check-all');
    all((button.dataset.checkAll || button.dataset.checkNone) + ' li:not([hidden]) input[type=checkbox]').forEach(function (box) {
      if (!box.disabled) box.checked = yes;
    });
    countPicked();
  }
  if (turn) {
    var picture = $('img', turn.closest('.viewer'));
    picture.dataset.turn = (Number(picture.dataset.turn || 0) + 1) % 4;
  }
});
countPicked();

/* ---- helpers at a field: data-hook ---- */
function lineAfter(field) {
  var place = field.closest('.input-with') || field, line = make('p', { 'class': 'hint', role: 'status' });
  place.after(line);
  return line;
}
function pointOutFullWidth(field) {
  var line = lineAfter(field);
  field.addEventListener('jp:input', function () {
    line.textContent = /[\uff01-\uff5e\u3000-\u30ff\u4e00-\u9fff]/.test(field.value) ? say('full') : '';
  });
}
var hooks = {
  ascii: pointOutFullWidth,
  password: function (field) {
    var button = make('button', { type: 'button', 'class': 'btn-second btn-small', 'aria-pressed': 'false', 'aria-controls': field.id }, say('show'));
    button.addEventListener('click', function () {
      var hidden = field.type === 'password';
      field.type = hidden ? 'text' : 'password';
      button.textContent = say(hidden ? 'hide' : 'show');
      button.setAttribute('aria-pressed', String(hidden));
    });
    field.after(button);
    var caps = lineAfter(field);
    field.addEventListener('keyup', function (event) {
      caps.textContent = event.getModifierState && event.getModifierState('CapsLock') ? say('caps') : '';
    });
    pointOutFullWidth(field);
    field.form.addEventListener('submit', function () { field.type = 'password'; });
  },
  rules: function (field) {
    var line = lineAfter(field);
    field.addEventListener('jp:input', function () {
      var n = Array.from(field.value).length;
      line.textContent = !n ? '' : n < 13 ? say('length', { n: 13 - n }) : say('lengthOk');
    });
  },
  /* The reading of what stands in the field, piece by piece: what is taken away takes its reading along. */
  kana: function (field, target) {
    var pieces = [], before = field.value, reading = '', touched;
    target = field.form.elements[target];
    if (!target) return;
    touched = target.value !== '';
    if (before) pieces = [{ text: before, kana: target.value }];
    function own(text) { return /^[\u3041-\u3096\u30a1-\u30f6\u30fc]+$/.test(text) ? hiragana(text) : ''; }
    function change(value, typed) {
      var most = Math.min(before.length, value.length), a = 0, b = 0, at = 0, kept = [], placed = false;
      while (a < most && before[a] === value[a]) a++;
      while (b < most - a && before[before.length - 1 - b] === value[value.length - 1 - b]) b++;
      var fresh = value.slice(a, value.length - b), end = before.length - b;
      function place() {
        if (!placed && fresh) kept.push({ text: fresh, kana: typed || own(fresh) });
        placed = true;
      }
      pieces.forEach(function (piece) {
        var from = at, to = at = from + piece.text.length;
        if (to <= a) return kept.push(piece);
        var left = piece.text.slice(0, Math.max(0, a - from)), right = piece.text.slice(Math.max(0, Math.min(end, to) - from));
        if (from >= end) { place(); return kept.push(piece); }
        if (left) kept.push({ text: left, kana: own(left) });
        place();
        if (right) kept.push({ text: right, kana: own(right) });
      });
      place();
      pieces = kept;
      before = value;
      if (!touched) target.value = pieces.map(function (piece) { return piece.kana; }).join('');
    }
    target.addEventListener('input', function () { touched = target.value !== ''; });
    field.addEventListener('compositionstart', function () { reading = ''; });
    field.addEventListener('compositionupdate', function (event) {
      var kana = /^([\u3041-\u3096\u30a1-\u30f6\u30fc]*)[a-z\uff41-\uff5a]*$/i.exec(event.data);
      if (kana) reading = kana[1];
    });
    field.addEventListener('compositionend', function (event) {
      /* A word chosen from what is foretold has more letters than were typed: its reading is not known. */
      var typed = reading.length >= Array.from(event.data || '').length ? hiragana(reading) : '';
      reading = '';
      setTimeout(function () { change(field.value, typed); });
    });
    field.addEventListener('input', function (event) { if (!event.isComposing) change(field.value, ''); });
  },
  postal: function (field) {
    var last = '', line = lineAfter(field);
    field.addEventListener('jp:input', function () {
      var code = field.value.normalize('NFKC').replace(/\D/g, '');
      if (code.length !== 7 || code === last) return;
      last = code;
      fetch('/postal-codes/' + code, { credentials: 'same-origin', headers: { Accept: 'application/json' } }).then(function (answer) {
        if (!answer.ok) throw answer;
        return answer.json();
      }).then(function (place) { line.textContent = ''; fillAddress(field.form, place); }, function () { line.textContent = say('noPostal'); });
    });
  }
};
/* Never over what somebody typed: only what is empty, or what this filled in itself. What was typed behind it stays. */
function fill(field, words) {
  var before = field.dataset.filled || '';
  if (field.value && (!before || field.value.indexOf(before) !== 0)) return false;
  field.value = words + field.value.slice(before.length);
  field.dataset.filled = words;
  return true;
}
function fillAddress(form, place) {
  var lines = place.lines || [], whole = form.elements.address;
  if (whole && fill(whole, lines.length === 1 ? lines[0] : place.city || '') && lines.length > 1) offer(form, whole, lines);
  var towns = place.towns || (place.town ? [].concat(place.town) : []);
  [['prefecture', place.prefecture], ['city', place.city], ['town', towns.length === 1 ? towns[0] : '']].forEach(function (pair) {
    var field = form.elements[pair[0]];
    if (!field || !pair[1]) return;
    if (field.tagName === 'SELECT') {
      if (field.value && field.value !== field.dataset.filled) return;
      Array.prototype.forEach.call(field.options, function (option) { if (option.text === pair[1] || option.value === pair[1]) option.selected = true; });
      field.dataset.filled = field.value;
    } else fill(field, pair[1]);
  });
  var town = form.elements.town;
  if (!town || towns.length < 2) return;
  if (!town.value || town.value === town.dataset.filled) offer(form, town, towns);
}
function offer(form, field, words) {
  var list = $('#towns') || form.appendChild(make('datalist', { id: 'towns' }));
  list.textContent = '';
  words.forEach(function (name) { list.appendChild(make('option', { value: name })); });
  field.setAttribute('list', 'towns');
  field.focus();
}
all('[data-hook]').forEach(function (field) {
  field.dataset.hook.split(' ').forEach(function (word) {
    var parts = word.split(':');
    if (hooks[parts[0]]) hooks[parts[0]](field, parts[1]);
  });
});

/* ---- a page left alone covers itself ---- */
function idle(minutes) {
  var limit = minutes * 60000, touched = Date.now(), told = Date.now(), bar = $('#session');
  function tell() { told = Date.now(); return send('/session').catch(function () {}); }
  function touch() {
    if (cover.isShut()) return;
    touched = Date.now();
    if (!bar.hidden) { bar.hidden = true; tell(); }
    else if (touched - told > 180000) tell();
  }
  function look() {
    var still = Date.now() - touched;
    if (cover.isShut()) bar.hidden = true;
    else if (still >= limit) { bar.hidden = true; cover.shut(); }
    else if (still >= limit - 120000) bar.hidden = false;
  }
  ['pointerdown', 'keydown', 'wheel', 'touchmove'].forEach(function (name) { doc.addEventListener(name, touch, { passive: true }); });
  doc.addEventListener('visibilitychange', look);
  doc.addEventListener('tasuki:opened', function () { touched = told = Date.now(); });
  setInterval(look, 5000);
}
if (Number(body.dataset.idle) > 0 && cover.form) idle(Number(body.dataset.idle));
})();
