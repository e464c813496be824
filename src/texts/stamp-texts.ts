/** What is said about time stamps and SM2 signatures over checkpoints. */
import type { Language } from './cli-texts.ts';

export interface StampTexts {
  readonly kinds: { readonly [K in 'sm2' | 'time-stamp']: string };
  readonly stamped: (kind: string, size: number, time: string) => string;
  readonly missing: (kind: string, trouble: string) => string;
}

export const stampTexts: { readonly [L in Language]: StampTexts } = {
  zh: {
    kinds: { sm2: '国密签名（SM2/SM3）', 'time-stamp': '可信时间戳（RFC 3161）' },
    stamped: (kind, size, time) => `${kind}：已覆盖前 ${size} 条记录${time === '' ? '' : `，时间 ${time}`}`,
    missing: (kind, trouble) => `${kind}：尚无${trouble === '' ? '' : `（${trouble}）`}；下一个校验点时再次请求`,
  },
  en: {
    kinds: { sm2: 'SM2/SM3 signature', 'time-stamp': 'Time stamp (RFC 3161)' },
    stamped: (kind, size, time) => `${kind}: over the first ${size} records${time === '' ? '' : `, time ${time}`}`,
    missing: (kind, trouble) =>
      `${kind}: none yet${trouble === '' ? '' : ` (${trouble})`}; asked for again at the next checkpoint`,
  },
};
