/**
 * A large answer out of a thread: its long lists come in slices, each asked for when the one before was taken in, so
 * that the station's own thread copies for some milliseconds at a time and answers everybody else in between.
 */
import type { MessagePort, Worker } from 'node:worker_threads';

export type ThreadNews =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'slice'; readonly list: number; readonly items: readonly unknown[] }
  | { readonly kind: 'answer'; readonly answer: unknown; readonly lists: readonly (readonly string[])[] };

const sliceLength = 1_000;

interface LongList {
  /** Keys that lead to it. */
  readonly path: readonly string[];
  readonly items: readonly unknown[];
}

/** In the thread: everything that the answer holds, long lists first. */
export async function sendSliced(port: MessagePort, answer: unknown): Promise<void> {
  const lists: LongList[] = [];
  const short = withoutLongLists(answer, [], lists);
  for (const [list, { items }] of lists.entries()) {
    for (let at = 0; at < items.length; at += sliceLength) {
      const taken = Promise.withResolvers<void>();
      port.once('message', () => taken.resolve());
      port.postMessage({ kind: 'slice', list, items: items.slice(at, at + sliceLength) } satisfies ThreadNews);
      await taken.promise;
    }
  }
  const last: ThreadNews = { kind: 'answer', answer: short, lists: lists.map(({ path }) => path) };
  // The bytes of a file change hands; everything else is copied.
  port.postMessage(last, answer instanceof Uint8Array && ownsItsMemory(answer) ? [answer.buffer as ArrayBuffer] : []);
}

const ownsItsMemory = (bytes: Uint8Array): boolean => bytes.byteLength === bytes.buffer.byteLength;

function withoutLongLists(value: unknown, path: readonly string[], lists: LongList[]): unknown {
  if (Array.isArray(value) && value.length > sliceLength) {
    lists.push({ path, items: value });
    return [];
  }
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inside]) => [key, withoutLongLists(inside, [...path, key], lists)]),
  );
}

/** In the station. @throws what made the thread fail; the signal's reason */
export async function receiveSliced<T>(
  worker: Worker,
  { onProgress, signal }: { onProgress?: (done: number, total: number) => void; signal?: AbortSignal | undefined },
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const lists: unknown[][] = [];
  worker.on('message', (news: ThreadNews) => {
    if (news.kind === 'progress') onProgress?.(news.done, news.total);
    else if (news.kind === 'slice') {
      const list = lists[news.list] ?? [];
      lists[news.list] = list;
      for (const item of news.items) list.push(item);
      worker.postMessage('next');
    } else {
      resolve(withLists(news.answer, news.lists, lists) as T);
    }
  });
  worker.once('error', reject);
  worker.once('exit', () => reject(signal?.reason ?? new Error('the thread ended early')));
  const stop = (): void => void worker.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await promise;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function withLists(answer: unknown, paths: readonly (readonly string[])[], lists: readonly unknown[][]): unknown {
  let whole = answer;
  for (const [at, path] of paths.entries()) {
    const last = path.at(-1);
    // The answer itself was the list.
    if (last === undefined) whole = lists[at];
    else {
      const holder = path.slice(0, -1).reduce((inside, key) => inside[key] as object as Keyed, whole as Keyed);
      holder[last] = lists[at];
    }
  }
  return whole;
}

type Keyed = Record<string, unknown>;
