// The source panel's script. Gradio runs it once with `element`, `trigger` and `watch` of the panel.
const state = { chip: null, turn: 0, above: 1, below: 1, keep: null };

const sidebar = () => document.querySelector('.sidebar.right');
const isOpen = () => Boolean(sidebar()?.classList.contains('open'));
const scroller = () => sidebar()?.querySelector('.sidebar-content') ?? element;

// Citations: chips are links, so that keyboards, screen readers and copied text know them.
const ask = (cid) => trigger('cite', { cid, above: state.above, below: state.below, turn: `${Date.now()}.${state.turn++}` });
const open = (chip) => {
  document.querySelectorAll('.cw-chip.cw-open').forEach((node) => node.classList.remove('cw-open'));
  chip.classList.add('cw-open');
  Object.assign(state, { chip, above: 1, below: 1, keep: null });
  ask(chip.getAttribute('href').slice('#cite='.length));
};
const close = () => {
  if (!isOpen()) return;
  sidebar().querySelector('.toggle-button').click();
  document.querySelectorAll('.cw-chip.cw-open').forEach((node) => node.classList.remove('cw-open'));
  state.chip?.focus();
};

// The citations of the answer whose chip was chosen, each once, in reading order.
const neighbours = () => {
  const seen = new Map();
  state.chip?.closest('.cw-answer')?.querySelectorAll('.cw-chip').forEach((chip) => {
    if (!seen.has(chip.getAttribute('href'))) seen.set(chip.getAttribute('href'), chip);
  });
  return [...seen.values()];
};
const place = () => neighbours().findIndex((chip) => chip.getAttribute('href') === state.chip?.getAttribute('href'));
const showSteps = () => {
  const steps = element.querySelector('.cw-steps');
  const chips = neighbours();
  if (!steps || chips.length < 2) return;
  steps.hidden = false;
  steps.querySelector('.cw-place').textContent = `${place() + 1} of ${chips.length}`;
  steps.querySelector('[data-step="-1"]').disabled = place() <= 0;
  steps.querySelector('[data-step="1"]').disabled = place() >= chips.length - 1;
};

// Answers leave the page only at a click: to the clipboard or to a file.
const said = (node, words) => {
  const before = node.dataset.words ?? node.textContent;
  node.dataset.words = before;
  node.textContent = words;
  setTimeout(() => { node.textContent = before; }, 1600);
};
const copy = (node, text) => {
  const done = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject(new Error('no clipboard'));
  done.catch(() => {
    const area = Object.assign(document.createElement('textarea'), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }).finally(() => said(node, 'Copied'));
};
const save = (number, form, text) => {
  const [suffix, type] = form === 'json' ? ['json', 'application/json'] : ['md', 'text/markdown'];
  const address = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement('a'), { href: address, download: `citewell-answer-${number}.${suffix}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
};
const written = (number, form) => document.querySelector(`#ledger [data-answer="${Number(number)}"]`)?.dataset[form];

// What a reader says of an answer is kept on this machine: the program says so, and the words outlive a new drawing.
const noted = new Map();
let lastNoted = '';
const showNoted = () => {
  if (!document.querySelector('#chat .cw-answer')) noted.clear();
  const told = document.querySelector('#noted [data-noted]')?.dataset;
  if (told && told.nonce !== lastNoted) {
    lastNoted = told.nonce;
    noted.delete(told.noted); // the latest stands last
    noted.set(told.noted, { ...told });
  }
  const rooms = new Map();
  document.querySelectorAll('#chat .cw-note').forEach((button) => {
    const told = noted.get(button.getAttribute('href').slice('#note='.length));
    if (told?.done === '1') button.setAttribute('aria-pressed', 'true');
  });
  for (const [word, told] of noted) {
    const button = document.querySelector(`#chat .cw-note[href="${CSS.escape(`#note=${word}`)}"]`);
    if (button) rooms.set(button.closest('.cw-feedback').querySelector('.cw-noted'), told);
  }
  rooms.forEach(({ said, done }, room) => {
    if (room.textContent !== said) Object.assign(room, { textContent: said }).dataset.done = done;
  });
};

// What a follow-up took over goes into the question's box, to be changed and asked.
const edit = (text) => {
  const box = document.querySelector('#question textarea');
  box.value = text;
  box.dispatchEvent(new Event('input', { bubbles: true }));
  box.focus();
};

const KINDS = ['cite', 'copy', 'save', 'note', 'edit', 'alone'].map((kind) => `a[href^="#${kind}="]`).join();
document.addEventListener('click', (event) => {
  const link = event.target.closest?.(KINDS);
  if (!link) return;
  event.preventDefault();
  event.stopPropagation();
  const [kind, value] = link.getAttribute('href').slice(1).split(/=(.*)/s);
  if (kind === 'cite') open(link);
  else if (kind === 'note') trigger('note', { word: value, turn: `${Date.now()}.${state.turn++}` });
  else if (kind === 'edit') edit(decodeURIComponent(value));
  else if (kind === 'alone') trigger('alone', { number: Number(value) });
  else if (kind === 'copy') copy(link, written(value, 'text') ?? '');
  else { const [form, number] = value.split('.'); save(number, form, written(number, form) ?? ''); }
}, true);

element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.copy) copy(button, button.dataset.copy);
  if (button.dataset.close) close();
  if (button.dataset.step) open(neighbours()[place() + Number(button.dataset.step)]);
  if (button.dataset.more) {
    state[button.dataset.more] += 1;
    state.keep = { side: button.dataset.more, top: scroller().scrollTop, height: scroller().scrollHeight };
    ask(element.querySelector('[data-cid]').dataset.cid);
  }
});

document.addEventListener('keydown', (event) => {
  if (event.key === ' ' && event.target.matches?.('.cw-note')) { event.preventDefault(); event.target.click(); }
  if (event.key === 'Escape' && isOpen()) { event.preventDefault(); close(); }
});

// A new answer is read from its question on.
let answers = 0;
const follow = () => {
  const count = document.querySelectorAll('#chat .cw-answer, #chat .cw-problem').length;
  const last = [...document.querySelectorAll('#chat .cw-question, #chat .cw-problem')].at(-1);
  if (count > answers) requestAnimationFrame(() => last?.scrollIntoView({ block: 'start' }));
  answers = count;
};

// Gradio reads a message's mark-up aloud as its label, and leaves a closed sidebar in the tab order.
const tidy = () => {
  follow();
  showNoted();
  document.querySelectorAll('#chat [data-testid][aria-label]').forEach((node) => node.removeAttribute('aria-label'));
  const content = sidebar()?.querySelector('.sidebar-content');
  if (content) content.inert = !isOpen();
};
new MutationObserver(tidy).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-label', 'class'] });

const show = (tries) => {
  if (!isOpen() && tries) { setTimeout(show, 50, tries - 1); return; } // the value arrives before the sidebar opens
  tidy();
  showSteps();
  if (state.keep) {
    const grown = scroller().scrollHeight - state.keep.height;
    scroller().scrollTop = state.keep.top + (state.keep.side === 'above' ? grown : 0);
    return;
  }
  const target = element.querySelector('mark:not(.cw-unseen *)') ?? element.querySelector('.cw-warning') ?? element.querySelector('h2');
  if (!target) return;
  target.scrollIntoView({ block: 'center' });
  target.focus({ preventScroll: true });
};
watch('value', () => show(40));
tidy();
