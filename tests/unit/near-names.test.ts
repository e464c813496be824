/** A mistyped unit is answered with the units that were probably meant, and with none that were not. */
import { expect, test } from 'vitest';
import { nearNames } from '../../src/domain/near-names.ts';

const units = ['市综合执法支队一大队', '市综合执法支队二大队', '北郊治超站', '水上执法大队'];

test.each([
  ['市综合执法支队一大对', ['市综合执法支队一大队', '市综合执法支队二大队']],
  ['北郊治超', ['北郊治超站']],
  ['水上', ['水上执法大队']],
  ['财务处', []],
  ['', []],
])('"%s" may have meant %j', (typed, near) => {
  expect(nearNames(typed, units)).toEqual(near);
});
