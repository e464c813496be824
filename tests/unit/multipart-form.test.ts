// Goal: a form with a file arrives byte for byte as the platform's own encoder wrote it, whatever the bytes; what is
// cut off or made up is refused as a whole.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMultipartForm } from '../../src/web/multipart-form.ts';

async function encoded(form: FormData): Promise<{ body: Buffer; type: string }> {
  const response = new Response(form);
  return { body: Buffer.from(await response.arrayBuffer()), type: response.headers.get('content-type') ?? '' };
}

const made = (body: string): ReturnType<typeof readMultipartForm> =>
  readMultipartForm(Buffer.from(body), 'multipart/form-data; boundary=x');

describe('a form with a file', () => {
  test('comes back as it was sent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.string(), async (bytes, word) => {
        const form = new FormData();
        form.append('kind', word);
        form.append('file', new File([bytes], '名册 "七月" %.csv'));
        const { body, type } = await encoded(form);
        const parts = readMultipartForm(body, type);
        expect(parts?.map(({ name, fileName }) => [name, fileName])).toEqual([
          ['kind', undefined],
          ['file', '名册 "七月" %.csv'],
        ]);
        expect(parts?.[0]?.bytes.toString().replaceAll('\r\n', '\n')).toBe(
          word.toWellFormed().replaceAll(/\r\n?/gu, '\n'),
        );
        expect(parts?.[1]?.bytes.equals(Buffer.from(bytes))).toBe(true);
      }),
    );
  });

  test('whose bytes look like a boundary ends where the boundary is', () => {
    const parts = made('--x\r\ncontent-disposition: form-data; name="f"; filename="a"\r\n\r\n-x--x\r\n-\r\n--x--\r\n');
    expect(parts?.[0]?.bytes.toString()).toBe('-x--x\r\n-');
  });

  test.each([
    ['nothing', ''],
    ['another boundary', '--y\r\ncontent-disposition: form-data; name="f"\r\n\r\n1\r\n--y--\r\n'],
    ['no end', '--x\r\ncontent-disposition: form-data; name="f"\r\n\r\n1'],
    ['no end of the form', '--x\r\ncontent-disposition: form-data; name="f"\r\n\r\n1\r\n--x\r\n'],
    ['no name', '--x\r\ncontent-disposition: form-data\r\n\r\n1\r\n--x--\r\n'],
    ['no head', '--x\r\n\r\n1\r\n--x--\r\n'],
    ['a head without end', `--x\r\n${'a'.repeat(9000)}\r\n\r\n1\r\n--x--\r\n`],
    ['too many parts', `${'--x\r\ncontent-disposition: form-data; name="f"\r\n\r\n1\r\n'.repeat(17)}--x--\r\n`],
  ])('with %s is refused', (_, body) => {
    expect(made(body)).toBeUndefined();
  });

  test('without a boundary is refused', () => {
    expect(readMultipartForm(Buffer.from('--\r\n'), 'multipart/form-data')).toBeUndefined();
  });

  test('is never an error, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('--x', '\r\n', '-', 'content-disposition: form-data; name="f"', 'a') }),
        (body) => {
          made(body);
        },
      ),
    );
  });
});
