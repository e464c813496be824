// Goal: uploads wait within limits of number, bytes and time; the newest stays, and each is what was handed in.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { UploadShelf } from '../../src/station/upload-shelf.ts';

const upload = (text: string) => ({ kind: 'cases', fileName: 'a.csv', bytes: Buffer.from(text) }) as const;

describe('the shelf of uploads', () => {
  test('finds an upload by kind and digest, with its bytes', () => {
    const shelf = new UploadShelf({ uploads: 2, bytes: 100, keptMs: 1000 }, () => 0);
    const name = shelf.put(upload('one'));
    expect(name).toBe(`cases-${createHash('sha256').update('one').digest('hex')}`);
    expect(shelf.find(name)?.bytes.toString()).toBe('one');
    expect(shelf.put({ ...upload('one'), kind: 'officers' })).not.toBe(name);
    shelf.remove(name);
    expect(shelf.find(name)).toBeUndefined();
  });

  test('lets the oldest go when there are too many, or too many bytes, and never the newest', () => {
    const shelf = new UploadShelf({ uploads: 2, bytes: 10, keptMs: 1000 }, () => 0);
    const names = ['one', 'two', 'six'].map((text) => shelf.put(upload(text)));
    expect(names.map((name) => shelf.find(name) !== undefined)).toEqual([false, true, true]);
    const large = shelf.put(upload('x'.repeat(20)));
    expect([...names, large].map((name) => shelf.find(name) !== undefined)).toEqual([false, false, false, true]);
  });

  test('forgets what nobody took in time; handing it in again begins anew', () => {
    let now = 0;
    const shelf = new UploadShelf({ uploads: 2, bytes: 100, keptMs: 1000 }, () => now);
    const name = shelf.put(upload('one'));
    now = 900;
    shelf.put(upload('one'));
    now = 1500;
    expect(shelf.find(name)).toBeDefined();
    now = 1900;
    expect(shelf.find(name)).toBeUndefined();
  });
});
