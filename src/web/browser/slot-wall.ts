/**
 * Runs in the browser: keeps the slot wall current from Server-Sent Events. All words come from the station; here they
 * are only put in place, as text, never as markup. When events stay away the wall says so at once, because an old
 * "may be pulled out" is worse than none.
 */
import type { SlotCard, SlotWall } from '../slot-card.ts';
import type { SlotEvent } from '../slot-events.ts';

/** Longer than two heartbeats of the station. */
const silenceMsMax = 12_000;
const reconnectMs = 5000;
/** A question that nobody answered closes by itself. */
const questionMsMax = 15_000;

const wall = find<HTMLElement>(document, '#slots');
const template = find<HTMLTemplateElement>(document, '#slot-template');
const empty = find<HTMLElement>(document, '#no-slots');
const stale = find<HTMLElement>(document, '#stale');
const troubles = find<HTMLElement>(document, '#troubles');
const announcer = find<HTMLElement>(document, '#announcer');
let silence: ReturnType<typeof setTimeout> | undefined;

listen();
wall.addEventListener('submit', (event) => void askUrgently(event));
wall.addEventListener('toggle', (event) => closeLater(event.target), true);

function listen(): void {
  const source = new EventSource(wall.dataset.events ?? '');
  source.addEventListener('slots', (event) => {
    const next = JSON.parse(event.data) as SlotEvent;
    // The station was renewed: these words and styles may no longer be its own.
    if (next.version !== wall.dataset.version) return location.reload();
    show(next);
    setStale(false);
    clearTimeout(silence);
    silence = setTimeout(() => setStale(true), silenceMsMax);
  });
  source.addEventListener('error', () => {
    setStale(true);
    // The browser tries again by itself unless the station answered with an error.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, reconnectMs);
  });
}

/** Without loading the page again; the card then shows what became of it. */
async function askUrgently(event: SubmitEvent): Promise<void> {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  event.preventDefault();
  const button = find<HTMLButtonElement>(form, 'button');
  button.disabled = true;
  const body = new URLSearchParams({ slot: find<HTMLInputElement>(form, '[name="slot"]').value });
  const answer = await fetch(form.action, { method: 'POST', body, redirect: 'manual' }).catch(() => undefined);
  button.disabled = false;
  form.closest('details')?.removeAttribute('open');
  // A redirect to the wall, which is here already.
  if (answer?.type !== 'opaqueredirect') announcer.textContent = form.dataset.refused ?? '';
}

function closeLater(element: EventTarget | null): void {
  if (!(element instanceof HTMLDetailsElement) || !element.open) return;
  setTimeout(() => element.removeAttribute('open'), questionMsMax);
}

function setStale(isStale: boolean): void {
  stale.hidden = !isStale;
  document.body.classList.toggle('is-stale', isStale);
}

function show(next: SlotWall): void {
  wall.dataset.columns = String(next.columns);
  empty.hidden = next.cards.length > 0;
  wall.hidden = next.cards.length === 0;
  setTroubles(next.troubles);
  setTexts(document, 'summary', next.summary);
  setTexts(document, 'footer', next.footer);
  for (const value of document.querySelectorAll<HTMLElement>('[data-footer]')) {
    value.parentElement?.classList.toggle(
      'warn',
      next.alarms.some((field) => field === value.dataset.footer),
    );
  }
  const known = new Map(
    [...wall.querySelectorAll<HTMLElement>('[data-slot]')].map((card) => [card.dataset.slot, card]),
  );
  let before: Element | null = null;
  for (const card of next.cards) {
    const element = known.get(card.key) ?? newCard(card.key);
    known.delete(card.key);
    const place: Element | null = before === null ? wall.firstElementChild : before.nextElementSibling;
    if (place !== element) wall.insertBefore(element, place);
    update(element, card);
    before = element;
  }
  for (const gone of known.values()) gone.remove();
}

/** Only when they changed: an alert is read aloud each time. */
function setTroubles(texts: readonly string[]): void {
  const shown = Array.from(troubles.children, (line) => line.textContent);
  if (shown.join('\n') === texts.join('\n')) return;
  const lines = texts.map((text) => {
    const line = document.createElement('p');
    line.textContent = text;
    return line;
  });
  troubles.replaceChildren(...lines);
  troubles.hidden = texts.length === 0;
}

function newCard(key: string): HTMLElement {
  const card = find<HTMLElement>(template.content.cloneNode(true) as DocumentFragment, '[data-slot]');
  card.dataset.slot = key;
  return card;
}

function update(element: HTMLElement, card: SlotCard): void {
  const changed = element.dataset.verdict !== card.verdict || element.dataset.tone !== card.tone;
  setTexts(element, 'field', card.texts);
  element.toggleAttribute('data-named', card.named);
  setProgress(element, card);
  setDocking(element, card);
  setAssign(element, card);
  setUrgent(element, card);
  if (!changed && element.dataset.state === card.state) return;
  element.dataset.state = card.state;
  element.dataset.tone = card.tone;
  element.dataset.verdict = card.verdict;
  for (const [place, name] of Object.entries(card.icons)) {
    find(element, `[data-icon="${place}"] use`).setAttribute('href', `#icon-${name}`);
  }
  if (changed && card.state !== 'empty') {
    announcer.textContent = `${element.dataset.word ?? ''} ${card.texts.number}: ${card.texts.state}, ${card.texts.verdict}`;
  }
}

function setUrgent(element: HTMLElement, { key, urgent }: SlotCard): void {
  const question = find<HTMLDetailsElement>(element, '.slot-urgent');
  find<HTMLInputElement>(question, '[name="slot"]').value = key;
  question.hidden = !urgent;
  if (!urgent) question.open = false;
}

function setProgress(element: HTMLElement, { permille }: SlotCard): void {
  const bar = find<HTMLProgressElement>(element, 'progress');
  bar.hidden = permille === null;
  bar.value = permille ?? 0;
}

function setDocking(element: HTMLElement, { docking }: SlotCard): void {
  const link = find<HTMLAnchorElement>(element, '[data-docking]');
  link.hidden = docking === null;
  link.setAttribute('href', docking ?? '');
}

function setAssign(element: HTMLElement, { assign, texts }: SlotCard): void {
  const link = find<HTMLAnchorElement>(element, '[data-assign]');
  link.hidden = assign === null;
  link.setAttribute('href', assign ?? '');
  find(link, 'span').textContent = ` ${texts.serial}`;
}

function setTexts(root: ParentNode, kind: string, texts: { readonly [name: string]: string }): void {
  for (const [name, text] of Object.entries(texts)) {
    const place = root.querySelector(`[data-${kind}="${name}"]`);
    if (place !== null && place.textContent !== text) place.textContent = text;
  }
}

function find<E extends Element>(root: ParentNode, selector: string): E {
  const element = root.querySelector<E>(selector);
  if (element === null) throw new Error(`the page lacks ${selector}`);
  return element;
}
