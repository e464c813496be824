/**
 * The web answers on this machine only, runs nothing that a recorder said, serves previews in ranges, and says
 * everything in two languages. The station behind it is a sample; the real one is tested end to end elsewhere.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { html, visibleText } from '../../src/domain/html.ts';
import { codeText, codeWord } from '../../src/texts/code-texts.ts';
import { pageTexts } from '../../src/texts/page-texts.ts';
import { buildWebApp } from '../../src/web/build-web-app.ts';
import { readByteRange } from '../../src/web/byte-range.ts';
import { Formats } from '../../src/web/formats.ts';
import { listen } from '../../src/web/listen.ts';
import {
  hostileTexts,
  makeSampleMedia,
  type SampleMedia,
  type SampleOptions,
  SampleWebStation,
  sampleSlot,
} from '../support/sample-web-station.ts';

const folder = mkdtempSync(join(tmpdir(), 'evidock-web-'));
const silent = { error: () => undefined, warn: () => undefined };
const firstClip = `c-${'0'.repeat(20)}`;
const apps: FastifyInstance[] = [];
let media: SampleMedia;

beforeAll(() => {
  media = makeSampleMedia(folder);
});

afterAll(async () => {
  for (const app of apps) await app.close();
  rmSync(folder, { recursive: true, force: true });
});

function appOf(options: Partial<SampleOptions> = {}): FastifyInstance {
  const app = buildWebApp({ station: new SampleWebStation({ clips: 120, media, ...options }), log: silent });
  apps.push(app);
  return app;
}

async function bodyOf(app: FastifyInstance, url: string, headers: Record<string, string> = {}): Promise<string> {
  return (await app.inject({ url, headers })).body;
}

test('an open alarm about the ledger stands on the auditor’s page too', async () => {
  const kind = 'ledger-rolled-back';
  const alarmed = appOf({ ledgerAlarms: [{ kind, since: '2026-03-02T01:00:00.000Z' }] });
  expect(await bodyOf(alarmed, '/audit')).toContain(codeWord('alarm', kind, 'zh'));
  expect(await bodyOf(appOf(), '/audit')).not.toContain('role="alert"');
});

describe('markup', () => {
  test('what is interpolated is text, unless it is markup already', () => {
    const inner = html`<b title="${'"&\''}">${'<i>'}</b>`;
    expect(String(html`${inner}${[1, '&', null, undefined, false]}`)).toBe(
      '<b title="&quot;&amp;&#39;">&lt;i&gt;</b>1&amp;',
    );
  });

  test('characters that cannot be seen or that turn the text around are written out', () => {
    expect(visibleText('a\u202eb\u0000c\u200bd\ufeff\ud800e\u{e0041}')).toBe(
      'a\\u{202e}b\\u{0}c\\u{200b}d\\u{feff}\ufffde\\u{e0041}',
    );
    expect(visibleText('晋交罚〔2026〕1号\n\t')).toBe('晋交罚〔2026〕1号\n\t');
  });

  test('a recorder that says hostile things in every field changes no page', async () => {
    const app = appOf({ hostile: true, slots: hostileTexts.map((text) => sampleSlot(text, { problem: text })) });
    const addresses = [
      '/',
      '/clips',
      `/clips/${firstClip}`,
      '/coverage',
      `/clips?search=${encodeURIComponent(hostileTexts[0])}`,
    ];
    const plain = appOf({ slots: hostileTexts.map((_, index) => sampleSlot(String(index), {})) });
    for (const address of addresses) {
      const [body, harmless] = [await bodyOf(app, address), await bodyOf(plain, address.replace(/\?.*/, ''))];
      expect(body).not.toMatch(/<script(?! type="module" src="\/assets\/)|<img src=x|<base|<\/title><\/style>/);
      expect(body.match(/<(script|style|title|base|iframe)\b/g)).toEqual(
        harmless.match(/<(script|style|title|base|iframe)\b/g),
      );
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may reach the page
      expect(body).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200f\ufeff]/);
    }
  });
});

describe('guard', () => {
  test('every answer forbids foreign and inline code, sniffing, framing and referrers', async () => {
    const app = appOf();
    for (const url of [
      '/',
      '/nope',
      '/healthz',
      '/coverage.csv',
      `/media/${firstClip}/poster`,
      '/assets/site.css',
      '/%zz',
    ]) {
      const { headers } = await app.inject({ url });
      expect(headers['content-security-policy']).toContain("default-src 'self'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
    }
  });

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:8420', '10.0.0.7:8420', '[::1].x'])(
    'a request for the host "%s" is refused',
    async (host) => {
      const answer = await appOf().inject({ url: '/clips', headers: { host } });
      expect(answer.statusCode).toBe(421);
      expect(answer.body).not.toContain('TA00');
    },
  );

  test.each(['127.0.0.1', 'localhost:8420', '[::1]:8420', 'LOCALHOST'])(
    'the host "%s" is this machine',
    async (host) => {
      expect((await appOf().inject({ url: '/', headers: { host } })).statusCode).toBe(200);
    },
  );

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const)('%s is not allowed anywhere', async (method) => {
    for (const url of ['/', '/clips', '/nope', '/events/slots']) {
      const answer = await appOf().inject({ method, url });
      expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
    }
  });

  test('a port that is taken is named, with what to do', async () => {
    const first = await listen(appOf(), { host: '127.0.0.1', port: 0 });
    const taken = listen(appOf(), { host: '127.0.0.1', port: Number(new URL(first).port) });
    await expect(taken).rejects.toMatchObject({ code: 'web-port-in-use', next: expect.stringContaining('web.port') });
  });

  test.each(['0.0.0.0', '::', '192.168.1.10', 'localhost', ''])('it does not listen on "%s"', async (host) => {
    await expect(listen(appOf(), { host, port: 0 })).rejects.toMatchObject({ code: 'web-address-refused' });
  });
});

describe('languages', () => {
  test('Chinese comes first, an address switches, a cookie keeps the choice', async () => {
    const app = appOf();
    expect(await bodyOf(app, '/')).toContain('<html lang="zh-CN">');
    const asked = await app.inject({ url: '/coverage?profile=county&lang=en' });
    expect(asked.body).toContain('<html lang="en">');
    expect(asked.headers['set-cookie']).toMatch(/^evidock-lang=en; Path=\/; .*SameSite=Strict; HttpOnly$/);
    expect(asked.body).toContain('href="/coverage?profile=county&amp;lang=zh"');
    expect(await bodyOf(app, '/', { cookie: 'a=b; evidock-lang=en' })).toContain('May be pulled out');
    expect(await bodyOf(app, '/?lang=xx', { cookie: 'evidock-lang=fr' })).toContain('可以拔出');
  });

  test('both dictionaries say everything, and the English one has no Chinese in it', () => {
    const texts = (value: unknown): string[] =>
      typeof value === 'string'
        ? [value]
        : typeof value === 'function'
          ? [String(value('1', '2', '3'))]
          : Object.values(value as object).flatMap(texts);
    const { otherLanguage, ...english } = pageTexts.en;
    expect(otherLanguage).toBe('中文');
    expect(texts(english).filter((text) => /\p{Script=Han}/u.test(text) || text === '')).toEqual([]);
    expect(texts(pageTexts.zh)).not.toContain('');
  });

  test('each finding that a probe, linking or sealing can have is explained; an unknown code shows itself', () => {
    const source = ['preview/probe-facts.ts', 'domain/linking-policy.ts'].map((file) =>
      readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8'),
    );
    const unions = source.map((text) => /export type (?:Probe|Link)Finding =([^;]+);/.exec(text)?.[1] ?? '');
    const codes = [...unions.join().matchAll(/'([a-z-]+)'/g)].map(([, code]) => code ?? '');
    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => codeText('finding', code, 'zh').word === code)).toEqual([]);
    expect(codeText('finding', 'of-tomorrow', 'en')).toEqual({ word: 'of-tomorrow', more: '' });
    expect(codeWord('recordType', 'constructor', 'zh')).toBe('constructor');
  });

  test('times are the station’s, sizes have three digits, and only a full rate is 100 %', () => {
    const formats = new Formats('zh', 'Asia/Shanghai');
    expect(formats.dateTime('2026-11-21T16:30:00Z')).toBe('2026-11-22 00:30:00');
    expect(new Formats('en', 'Asia/Urumqi').dateTime('2026-11-21T16:30:00Z')).toBe('21 Nov 2026 22:30:00');
    expect(formats.dateTime('not a time')).toBe('not a time');
    expect([0, 1023, 1024, 1_048_575, 5e9].map((bytes) => formats.bytes(bytes))).toEqual([
      '0 B',
      '1.00 KiB',
      '1.00 KiB',
      '1.00 MiB',
      '4.66 GiB',
    ]);
    expect([0, 0.29, 2 / 3, 0.99999, 1].map((rate) => formats.rate(rate))).toEqual([
      '0.0%',
      '29.0%',
      '66.7%',
      '99.9%',
      '100.0%',
    ]);
  });
});

describe('clips', () => {
  test('fifty a page, filters stay in the links', async () => {
    const app = appOf();
    const rows = async (url: string): Promise<number> => (await bodyOf(app, url)).match(/class="thumb"/g)?.length ?? 0;
    expect(await rows('/clips')).toBe(50);
    expect(await rows('/clips?page=3')).toBe(20);
    expect(await bodyOf(app, '/clips?kind=video&search=TA00')).toContain(
      'href="/clips?kind=video&amp;search=TA00&amp;page=2"',
    );
    expect(await rows('/clips?lacking=finding')).toBeLessThan(50);
  });

  test('the way back from a clip leads to the same page of the same list', async () => {
    const app = appOf();
    const list = '/clips?kind=video&search=TA00&page=2';
    const row = /<th scope="row" class="file"><a href="([^"]+)"/.exec(await bodyOf(app, list))?.[1];
    const page = await bodyOf(app, (row ?? '').replaceAll('&amp;', '&'));
    expect(page).toContain(`<p class="back"><a href="${list.replaceAll('&', '&amp;')}">`);
    expect(page).toContain('?kind=video&amp;search=TA00&amp;page=2&amp;lang=en"');
    // Somebody else's link cannot lead it elsewhere.
    const foreign = await bodyOf(
      app,
      `/clips/${firstClip}?search=//evil.example&kind=javascript:x&from=//evil.example`,
    );
    expect(foreign).toContain('<p class="back"><a href="/clips?search=%2F%2Fevil.example">');
  });

  test('an empty list says what to do, a page past the end leads back, a filter that is none is named', async () => {
    expect(await bodyOf(appOf({ clips: 0 }), '/clips')).toContain(pageTexts.zh.clips.noneNext);
    expect(await bodyOf(appOf(), '/clips?search=nothing-like-it')).toContain(pageTexts.zh.clips.noMatchTitle);
    expect(await bodyOf(appOf(), '/clips?page=99')).toContain('href="/clips?page=3"');
    expect(await bodyOf(appOf(), '/clips?day=2026-02-30')).toContain(pageTexts.zh.clips.ignoredFilter('录制日期'));
    for (const junk of [
      'page=-1',
      'page=1e9',
      'kind=x&kind=y',
      'kind[]=a',
      `search=${'x'.repeat(300)}`,
      '%00',
      'lacking=__proto__',
    ]) {
      expect((await appOf().inject({ url: `/clips?${junk}` })).statusCode).toBe(200);
    }
  });

  test('a clip’s page has its digests unbroken, its findings explained and its custody history in words', async () => {
    const body = await bodyOf(appOf(), `/clips/c-${'0'.repeat(19)}1`);
    expect(body.replaceAll(/<\/?span>/g, '')).toContain(
      '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    );
    expect(body).toContain(codeText('finding', 'video-truncated', 'zh').more);
    expect(body).toContain(codeWord('recordType', 'clip-sealed', 'zh'));
    expect(body).toContain(`src="/media/c-${'0'.repeat(19)}1/playable"`);
  });

  test.each(['/clips/nope', '/clips/..%2f..%2fetc', '/nope', '/coverage/forms/nothing.html', '/media/x/original'])(
    '%s is a page that helps, in the language of the reader',
    async (url) => {
      const answer = await appOf().inject({ url, headers: { cookie: 'evidock-lang=en' } });
      expect(answer.statusCode).toBe(404);
      expect(answer.body).toContain('There is no such page');
      expect(answer.body).toContain('href="/"');
    },
  );

  test.each([
    '/coverage?profile=nope',
    '/coverage?as-of=2026-02-30',
    '/coverage?status=nope',
    '/coverage?reason=nope',
    '/coverage?sort=nope',
    '/coverage?page=0',
    '/coverage?known-at=soon',
    '/coverage?unit=unit-unknown',
    '/coverage/trend?as-of=2026-13-01',
  ])('%s names the filter that cannot be, and leads to coverage', async (url) => {
    const answer = await appOf().inject({ url, headers: { cookie: 'evidock-lang=en' } });
    expect(answer.statusCode).toBe(404);
    expect(answer.body).toContain('These filters cannot be used');
    expect(answer.body).toContain(`<bdi>${url.slice(url.indexOf('=') + 1)}</bdi>`);
    expect(answer.body).toContain('href="/coverage"');
  });
});

describe('coverage', () => {
  test('page, JSON and CSV give the same answer', async () => {
    const app = appOf();
    const page = await bodyOf(app, '/coverage?profile=ministry');
    const json = await app.inject({ url: '/coverage.json?profile=ministry' });
    expect(json.headers['content-type']).toMatch(/^application\/json/);
    expect(json.json()).toMatchObject({
      population: 118,
      covered: 87,
      reported: 'personal-only',
      as_of: '2026-11-21',
    });
    expect(json.json().gaps).toHaveLength(31);
    expect(page).toContain('73.7%');
    expect(page).toContain('尚缺人员 31 人');
    expect(page).toContain(pageTexts.zh.coverage.daysLeft('40'));
    expect(page).toContain('交办法〔2024〕25号 二(四)3');
    expect(await bodyOf(app, '/coverage?as-of=2027-01-02')).toContain(pageTexts.zh.coverage.daysOver('2'));
    const csv = await app.inject({ url: '/coverage.csv?profile=county&as-of=2026-12-01' });
    expect(csv.headers['content-disposition']).toBe('attachment; filename="coverage-county-2026-12-01.csv"');
    expect(csv.body).toContain(',county,2026-12-01');
  });

  test('the page about stock says why the holder of a recorder does not count, and leads to its files', async () => {
    const app = appOf();
    const page = await bodyOf(app, '/coverage/stock?profile=county');
    expect(page).toContain('执法证暂扣、离岗');
    const [, address = ''] = /href="(\/coverage\/stock\.json[^"]*)"/u.exec(page) ?? [];
    const json = await app.inject({ url: address.replaceAll('&amp;', '&') });
    expect(json.json()).toMatchObject({ profile: 'county', outside: [{ recorder_serial: 'TA00991' }] });
    for (const format of ['csv', 'xlsx', 'html']) expect(page).toContain(`"/coverage/stock.${format}?profile=county`);
  });

  test('known-at takes a time; a wrong one is named, with what can be written, and the other filters stay', async () => {
    const app = appOf();
    const page = await bodyOf(app, '/coverage?profile=county&known-at=2021-03-04+08:30');
    expect(page).toContain('按存证日志第 40 条为止所知');
    expect(page).toContain('name="known-at"');
    expect(page).toContain('value="40"');
    for (const text of ['2020-12-01', '2999-01-01', '2026-02-30', '5000000']) {
      const answer = await app.inject({ url: `/coverage/stock?profile=county&as-of=2026-11-01&known-at=${text}` });
      expect(answer.statusCode).toBe(404);
      expect(answer.body).toContain(`<bdi>${text}</bdi>`);
      expect(answer.body).toContain('2026-11-20 08:30（采集站时间）');
      expect(answer.body).toContain('href="/coverage/stock?profile=county&amp;as-of=2026-11-01"');
    }
  });

  test('without a roster it says what to import; a refusal of the station is a page with the code', async () => {
    expect(await bodyOf(appOf({ clips: 0 }), '/coverage')).toContain('roster import');
    const refused = await appOf().inject({ url: '/coverage?unit=unit-that-fails' });
    expect([refused.statusCode, refused.body.includes('some-new-code')]).toEqual([409, true]);
  });
});

describe('previews', () => {
  test.each([
    ['bytes=0-0', { kind: 'part', first: 0, last: 0 }],
    ['bytes=10-', { kind: 'part', first: 10, last: 99 }],
    ['bytes=-10', { kind: 'part', first: 90, last: 99 }],
    ['bytes=-1000', { kind: 'part', first: 0, last: 99 }],
    ['bytes=90-1000', { kind: 'part', first: 90, last: 99 }],
    ['bytes=100-', { kind: 'unsatisfiable' }],
    ['bytes=-0', { kind: 'unsatisfiable' }],
    ['bytes=5-4', { kind: 'whole' }],
    ['bytes=-', { kind: 'whole' }],
    ['bytes=0-1,3-4', { kind: 'whole' }],
    ['items=0-1', { kind: 'whole' }],
    [undefined, { kind: 'whole' }],
  ])('the range %s of 100 bytes', (range, expected) => {
    expect(readByteRange({ range, ifRange: undefined, etag: '"x"', bytes: 100 })).toEqual(expected);
  });

  test('a player gets the whole, a part, or 416, and the bytes are those of the file', async () => {
    const app = appOf();
    const file = readFileSync(media.video);
    const get = (headers: Record<string, string>) => app.inject({ url: `/media/${firstClip}/playable`, headers });
    const whole = await get({});
    expect(whole.headers).toMatchObject({
      'content-type': 'video/mp4',
      'accept-ranges': 'bytes',
      'content-disposition': 'inline',
      'content-length': String(file.length),
    });
    expect(whole.rawPayload.equals(file)).toBe(true);
    const part = await get({ range: 'bytes=100-299' });
    expect([part.statusCode, part.headers['content-range']]).toEqual([206, `bytes 100-299/${file.length}`]);
    expect(part.rawPayload.equals(file.subarray(100, 300))).toBe(true);
    const past = await get({ range: `bytes=${file.length}-` });
    expect([past.statusCode, past.headers['content-range'], past.body]).toEqual([416, `bytes */${file.length}`, '']);
    const etag = String(whole.headers.etag);
    expect((await get({ range: 'bytes=0-9', 'if-range': etag })).statusCode).toBe(206);
    expect((await get({ range: 'bytes=0-9', 'if-range': '"old"' })).statusCode).toBe(200);
    expect((await get({ 'if-none-match': etag })).statusCode).toBe(304);
    const head = await app.inject({ method: 'HEAD', url: `/media/${firstClip}/playable` });
    expect([head.statusCode, head.headers['content-length'], head.body]).toEqual([200, String(file.length), '']);
  });

  test('a preview that was deleted is a 404, and none other than the two names exists', async () => {
    const gone = appOf({ media: { video: join(folder, 'gone.mp4'), poster: media.poster } });
    expect((await gone.inject({ url: `/media/${firstClip}/playable` })).statusCode).toBe(404);
    for (const name of ['original', '..', 'playable.mp4']) {
      expect((await appOf().inject({ url: `/media/${firstClip}/${name}` })).statusCode).toBe(404);
    }
  });

  test('assets carry the digest of their content and are not sent twice', async () => {
    const app = appOf();
    const [, address = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(await bodyOf(app, '/')) ?? [];
    const style = await app.inject({ url: address });
    expect(style.headers['cache-control']).toContain('immutable');
    expect(style.body.length).toBe(
      readFileSync(new URL('../../src/web/assets/site.css', import.meta.url), 'utf8').length,
    );
    const again = await app.inject({
      url: '/assets/site.css',
      headers: { 'if-none-match': String(style.headers.etag) },
    });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect((await app.inject({ url: '/assets/..%2fhtml.ts' })).statusCode).toBe(404);
    const script = await app.inject({ url: '/assets/slot-wall.js' });
    expect(script.headers['content-type']).toMatch(/^text\/javascript/);
    expect(script.body).not.toMatch(/import type|interface |: SlotCard/);
  });
});

describe('live events', () => {
  test('a listener gets the wall at once and after a change; it is let go when it leaves, and when the web ends', async () => {
    const station = new SampleWebStation({ clips: 3, slots: [sampleSlot('1', {})] });
    const app = buildWebApp({ station, log: silent });
    apps.push(app);
    const base = await listen(app, { host: '127.0.0.1', port: 0 });
    const abort = new AbortController();
    const answer = await fetch(`${base}/events/slots?lang=en`, { signal: abort.signal });
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    const until = async (text: string): Promise<string> => {
      let seen = '';
      while (!seen.includes(text)) seen += (await reader?.read())?.value ?? '';
      return seen;
    };
    expect(await until('\n\n')).toContain('retry: ');
    station.show([sampleSlot('1', { state: 'done', mayPull: true })]);
    expect(await until('"mayPull":true')).toContain('May be pulled out');
    expect(station.listeners).toBe(1);
    abort.abort();
    await expect.poll(() => station.listeners).toBe(0);
    const second = await fetch(`${base}/events/slots`);
    await app.close();
    await second.text();
    expect(station.listeners).toBe(0);
  });

  test('a dock that cannot be looked at is said on the wall, on the first view and live, until it is back', async () => {
    const station = new SampleWebStation({ clips: 0, slots: [] });
    const app = buildWebApp({ station, log: silent });
    apps.push(app);
    const troubles = async (): Promise<string | undefined> =>
      /<div id="troubles"[^>]*>.*?<\/div>/.exec(await bodyOf(app, '/?lang=en'))?.[0];
    expect(await troubles()).toContain(' hidden></div>');
    const base = await listen(app, { host: '127.0.0.1', port: 0 });
    const abort = new AbortController();
    const answer = await fetch(`${base}/events/slots?lang=zh`, { signal: abort.signal });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    const until = async (text: string): Promise<void> => {
      for (let seen = ''; !seen.includes(text); ) seen += (await reader?.read())?.value ?? '';
    };
    await until('"troubles":[]');
    const since = '2026-11-21T08:40:00.000Z';
    station.fail([{ kind: 'import-folder', code: 'import-folder-unreadable', since }]);
    await until(`"troubles":["导入目录（16:40:00 起）：${codeText('problem', 'import-folder-unreadable', 'zh').word}`);
    expect(await troubles()).toContain('><p>Import folder (since 16:40:00): The import folder cannot be read.');
    station.fail([]);
    await until('"troubles":[]');
    abort.abort();
  });

  test('changes in a burst become at most four events a second, and listeners are bounded', async () => {
    const station = new SampleWebStation({ clips: 3, slots: [sampleSlot('1', {})] });
    const app = buildWebApp({ station, log: silent });
    apps.push(app);
    const base = await listen(app, { host: '127.0.0.1', port: 0 });
    let seen = '';
    const open = (onData: (text: string) => void): Promise<number> =>
      new Promise((resolve, reject) => {
        const call = request(`${base}/events/slots`, (answer) => {
          answer
            .setEncoding('utf8')
            .on('data', onData)
            .on('error', () => undefined);
          resolve(answer.statusCode ?? 0);
        });
        call.on('error', reject).end();
      });
    await open((text) => {
      seen += text;
    });
    const started = performance.now();
    for (let turn = 0; turn < 100; turn += 1) {
      station.show([sampleSlot('1', { filesDone: turn, files: 100 })]);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await expect.poll(() => seen).toContain('99 / ');
    const seconds = (performance.now() - started) / 1000;
    expect(seen.match(/^event: slots$/gm)?.length ?? 0).toBeLessThanOrEqual(2 + Math.ceil(seconds * 4));
    const statuses = await Promise.all(Array.from({ length: 40 }, () => open(() => undefined)));
    expect(statuses.filter((status) => status === 503)).toHaveLength(9);
  });

  test('the browser module has the types of a browser and of the events it reads', () => {
    const root = join(import.meta.dirname, '../..');
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const config = join(root, 'config/tools/tsconfig.browser.json');
    const run = spawnSync(process.execPath, [tsc, '--noEmit', '-p', config], { encoding: 'utf8' });
    expect([run.stdout, run.status]).toEqual(['', 0]);
  });

  test('health says ok, a failure of the station is a page with a number, and its log line has it too', async () => {
    expect((await appOf().inject({ url: '/healthz' })).json()).toEqual({ status: 'ok' });
    const logged: object[] = [];
    const station = new SampleWebStation({ clips: 3 });
    station.clips = () => {
      throw new Error('secret path /var/lib/evidock');
    };
    const app = buildWebApp({ station, log: { warn: () => undefined, error: (fields) => logged.push(fields) } });
    apps.push(app);
    const answer = await app.inject({ url: '/clips' });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('secret');
    expect(answer.body).toContain((logged[0] as { request: string }).request);
    expect(statSync(media.video).size).toBeGreaterThan(0);
  });
});
