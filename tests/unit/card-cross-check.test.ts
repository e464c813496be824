/**
 * Goal: whatever kernel and raw reader say of one card, each file is trusted to the kernel's path only when both agree
 * and its name can mean no other file; nothing that either saw is lost; names that no path can hold get one of their own.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crossCheckCard, type KernelEntry } from '../../src/domain/card-cross-check.ts';
import { cardPathName, foldedName, kernelName, repeatedPathName } from '../../src/domain/card-names.ts';
import type { CardDoubt, CardEntry } from '../../src/domain/card-reading.ts';
import type { EntryType } from '../../src/domain/clip-facts.ts';
import { readablePath } from '../../src/domain/readable-path.ts';

const place = { firstCluster: 2, isContiguous: false, validBytes: 5 };
const onCard = (path: string, changes: Partial<CardEntry> = {}): CardEntry => ({
  path: Buffer.from(path),
  shownAs: Buffer.from(path),
  type: 'file',
  bytes: 5,
  mtimeNs: 1n,
  doubt: undefined,
  place,
  ...changes,
});
const kernel = (path: string, bytes = 5, type: EntryType = 'file'): KernelEntry => ({
  path: Buffer.from(path),
  bytes,
  type,
});
const text = (path: Uint8Array): string => Buffer.from(path).toString();

/** One line for each file: what becomes of it. */
function said(kernelEntries: readonly KernelEntry[], card: readonly CardEntry[]): string[] {
  const check = crossCheckCard(kernelEntries, card);
  return [
    ...check.agreed.map(({ path }) => `agreed ${text(path)}`),
    ...check.hidden.map(({ path }) => `hidden ${text(path)}`),
    ...check.pastKernel.map(({ entry, reason }) => `past ${text(entry.path)} ${reason}`),
    ...check.kernelOnly.map(({ path }) => `kernel-only ${text(path)}`),
    ...check.unlisted.map(({ path }) => `unlisted ${text(path)}`),
  ].sort();
}

describe('the cross-check', () => {
  test('trusts the kernel where both say the same', () => {
    expect(said([kernel('a'), kernel('d/b')], [onCard('a'), onCard('d', { type: 'folder' }), onCard('d/b')])).toEqual([
      'agreed a',
      'agreed d/b',
    ]);
  });

  test('takes either length of an exFAT file that was not written to its end', () => {
    expect(said([kernel('a', 5)], [onCard('a', { bytes: 9 })])).toEqual(['agreed a']);
    expect(said([kernel('a', 9)], [onCard('a', { bytes: 9 })])).toEqual(['agreed a']);
    expect(said([kernel('a', 7)], [onCard('a', { bytes: 9 })])).toEqual(['past a size']);
  });

  test.each<CardDoubt>(['slash', 'surrogate', 'dot-name', 'twin', 'tail', 'parent'])(
    'never trusts the kernel with a name of doubt (%s), also where it lists and opens it',
    (doubt) => {
      expect(said([kernel('a')], [onCard('a', { doubt })])).toEqual([`past a ${doubt}`]);
      expect(said([], [onCard('a', { doubt, shownAs: undefined })])).toEqual([`past a ${doubt}`]);
    },
  );

  test('reads past the kernel what it lists and cannot open', () => {
    expect(said([kernel('a', 0, 'unknown')], [onCard('a')])).toEqual(['past a unopenable']);
  });

  test('finds what the kernel hid with its folder, and forgets that folder when the reader listed it', () => {
    const card = [
      onCard('d', { type: 'folder' }),
      onCard('d/a'),
      onCard('d/x', { doubt: 'slash', shownAs: undefined }),
    ];
    expect(said([kernel('d', 0, 'unreadable-folder')], card)).toEqual(['hidden d/a', 'past d/x slash']);
    expect(said([kernel('', 0, 'unreadable-folder')], [onCard('a')])).toEqual(['hidden a']);
  });

  test('tells a folder once that neither could list', () => {
    const damaged = onCard('d', { type: 'unreadable-folder' });
    const folder = onCard('d', { type: 'folder' });
    expect(said([kernel('d', 0, 'unreadable-folder')], [folder, damaged])).toEqual(['unlisted d']);
    expect(said([], [folder, damaged])).toEqual(['unlisted d']);
    expect(said([kernel('d', 0, 'unreadable-folder')], [])).toEqual(['unlisted d']);
  });

  test('does not believe what the kernel lists below a folder that it may have taken for another', () => {
    const card = [
      onCard('D', { type: 'folder', doubt: 'twin' }),
      onCard('d', { type: 'folder', doubt: 'twin' }),
      onCard('D/one', { doubt: 'parent' }),
      onCard('d/two', { doubt: 'parent' }),
    ];
    expect(said([kernel('D/one'), kernel('d/one')], card)).toEqual(['past D/one parent', 'past d/two parent']);
  });

  test('keeps what only the kernel lists', () => {
    expect(said([kernel('a'), kernel('b')], [onCard('a')])).toEqual(['agreed a', 'kernel-only b']);
  });

  test('property: every file of the card and every file of the kernel is in exactly one answer, or replaced by one', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd/a', 'd/b', 'e/a');
    const card = fc.uniqueArray(
      fc.record({ name, bytes: fc.constantFrom(5, 6), doubt: fc.constantFrom(undefined, undefined, 'twin' as const) }),
      { selector: (entry) => entry.name },
    );
    const listed = fc.uniqueArray(fc.record({ name, type: fc.constantFrom<EntryType>('file', 'file', 'unknown') }), {
      selector: (entry) => entry.name,
    });
    fc.assert(
      fc.property(card, listed, (cardFiles, kernelFiles) => {
        const entries = cardFiles.map(({ name: path, bytes, doubt }) => onCard(path, { bytes, doubt }));
        const lines = said(
          kernelFiles.map(({ name: path, type }) => kernel(path, 5, type)),
          entries,
        );
        const names = lines.map((line) => line.split(' ')[1]).sort();
        const all = new Set([...cardFiles, ...kernelFiles].map((file) => file.name));
        expect(names).toEqual([...all].sort());
        for (const { name: path, doubt } of cardFiles) if (doubt) expect(lines).not.toContain(`agreed ${path}`);
      }),
    );
  });
});

describe('names', () => {
  test('stay UTF-8 where they can, and say what no path can hold', () => {
    const shown = (name: string): string => readablePath(cardPathName(name));
    expect(shown('执法 clip.MP4')).toBe('执法 clip.MP4');
    expect(shown('😀')).toBe('😀');
    expect(shown('a/b')).toBe('a\\xff002fb');
    expect(shown('a\0')).toBe('a\\xff0000');
    expect(shown('x\ud800y')).toBe('x\\xffd800y');
    expect(shown('\udc00\ud800')).toBe('\\xffdc00\\xffd800');
    expect(shown('.')).toBe('\\xff002e');
    expect(shown('..')).toBe('\\xff002e\\xff002e');
    expect(shown('...')).toBe('...');
    expect(shown('')).toBe('\\xff');
    expect(readablePath(repeatedPathName(cardPathName('a'), 3))).toBe('a\\xff#3');
  });

  test('property: two names never share a component, and none is a path or holds 0xFF without need', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', '/', '\0', '.', '\ud800', '\udc00', 'ÿ', 'f', '2', '执'),
      maxLength: 6,
    });
    fc.assert(
      fc.property(name, name, (one, other) => {
        const [a, b] = [Buffer.from(cardPathName(one)), Buffer.from(cardPathName(other))];
        expect(a.equals(b)).toBe(one === other);
        expect(a.includes(0x2f) || a.includes(0)).toBe(false);
        expect(['', '.', '..']).not.toContain(a.toString());
        expect(a.equals(Buffer.from(one))).toBe(!a.includes(0xff));
      }),
    );
  });

  test('of one key are those that some reader takes for the same', () => {
    expect(foldedName('Clip.MP4. .')).toBe(foldedName('clip.mp4'));
    expect(foldedName('clip\ud800')).toBe(foldedName('CLIP'));
    expect(foldedName('clip1')).not.toBe(foldedName('clip2'));
    expect(kernelName('a\ud800b\0c')).toBe('ab');
  });
});
