/**
 * RFC 8785 (JSON Canonicalization Scheme): the one byte form of a JSON value, so that a digest of it means something.
 * ECMAScript's own number and string forms are what the RFC prescribes; what is left is key order and refusing
 * values that have no canonical form.
 */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** @throws Error for NaN, infinities, lone surrogates and anything that is not JSON. `undefined` members are left out. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('canonical JSON has no NaN and no infinities');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') return canonicalString(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value !== 'object') throw new Error(`not a JSON value: ${typeof value}`);
  const members: string[] = [];
  // The RFC sorts by UTF-16 code units, which is what the default sort does.
  for (const key of Object.keys(value).sort()) {
    const member = (value as { readonly [key: string]: Json | undefined })[key];
    if (member !== undefined) members.push(`${canonicalString(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) throw new Error('canonical JSON has no lone surrogates');
  return JSON.stringify(text);
}
