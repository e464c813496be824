/**
 * Goal: by default only what an operating system itself wrote stays on a recorder; whatever the recorder wrote is
 * evidence and is taken, wherever somebody moved it.
 */
import { describe, expect, test } from 'vitest';
import { defaultSkipRules } from '../../src/config/skip-rule-defaults.ts';
import { compileSkipRules } from '../../src/domain/skip-rules.ts';

describe('the shipped skip rules', () => {
  const findRule = compileSkipRules(defaultSkipRules);
  test.each([
    ['System Volume Information/IndexerVolumeGuid', 'windows-system-volume'],
    ['SYSTEM VOLUME INFORMATION/a/b', 'windows-system-volume'],
    ['$RECYCLE.BIN/S-1-5-21/$IABC123.mp4', 'windows-recycle-notes'],
    ['$Recycle.Bin/desktop.ini', 'windows-recycle-settings'],
    ['.Trash-1000/info/clip.mp4.trashinfo', 'linux-trash-notes'],
    ['.fseventsd/0001', 'macos-events'],
    ['.Spotlight-V100/Store-V2/x', 'macos-index'],
    ['DCIM/.DS_Store', 'macos-folder-view'],
    ['.DS_Store', 'macos-folder-view'],
  ])('%s stays behind by the rule %s', (path, rule) => {
    expect(findRule(path)?.id).toBe(rule);
  });

  test.each([
    'police/video/20260804/clip.mp4',
    '$RECYCLE.BIN/S-1-5-21/$RABC123.mp4',
    '.Trash-1000/files/clip.mp4',
    'LOST.DIR/1',
    'FOUND.000/FILE0000.CHK',
    'lost+found/#12',
    'copied/System Volume Information/x',
    'System Volume Information',
    'station_bind.ini',
    '.hidden.mp4',
    'x.DS_Store',
    'desktop.ini',
  ])('%s is evidence and taken', (path) => {
    expect(findRule(path)).toBeUndefined();
  });

  test.each([
    ['*.tmp', 'a.tmp', true],
    ['*.tmp', 'd/a.tmp', false],
    ['**/*.tmp', 'd/e/a.tmp', true],
    ['d/**/x/**', 'd/x/1', true],
    ['d/**/x/**', 'd/a/b/x/y/z', true],
    ['d/**/x/', 'd/a/x/1', true],
    ['d/**/x/', 'd/a/x', false],
    ['?.b*c', 'é.bbbc', true],
    ['?.b*c', '.bc', false],
    ['**', 'anything/at/all', true],
    ['日志/', '日志/a.log', true],
  ])('the rule %s covers %s: %s', (path, file, covered) => {
    const compiled = compileSkipRules([{ id: 'x', path, reason: 'r' }]);
    expect(compiled(file) !== undefined).toBe(covered);
  });

  test('a rule of many stars stays fast on a hostile name', () => {
    const hostile = compileSkipRules([{ id: 'x', path: `${'*a'.repeat(200)}b`, reason: 'r' }]);
    const started = performance.now();
    expect(hostile('a'.repeat(255))).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
