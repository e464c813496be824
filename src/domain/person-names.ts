/**
 * Whether two typed names are one person's, where two persons are needed. Width, case, spaces and the points of names make no other person;
 * who really typed a name, no program knows.
 */
const folded = (name: string): string =>
  name
    .normalize('NFKC')
    .replaceAll(/[\s·•.]+/gu, '')
    .toLowerCase();

export const isSamePerson = (a: string, b: string): boolean => folded(a) === folded(b);
