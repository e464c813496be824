/** What an alert about coverage says, on the page, in the log and to a webhook: counts and days, never a person. */
import type { AlertKind } from '../domain/coverage-alert-policy.ts';
import type { Language } from './cli-texts.ts';

const many = (count: string, one: string, more = `${one}s`): string => `${count} ${count === '1' ? one : more}`;

type AlertText = (count: string, profile: string) => string;

export const alertTexts: { readonly [K in AlertKind]: { readonly [L in Language]: AlertText } } = {
  'new-gap': {
    zh: (count) => `新增缺口 ${count} 人`,
    en: (count) => many(count, 'new gap'),
  },
  rebound: {
    zh: (count) => `反弹 ${count} 人：曾经配齐，现又缺配`,
    en: (count) => `${many(count, 'rebound')}: closed before, open again`,
  },
  'pace-too-slow': {
    zh: (count) => `按目前进度，到期限日仍缺 ${count} 人`,
    en: (count) => `At the pace so far ${many(count, 'gap is', 'gaps are')} left on the deadline`,
  },
  'roster-old': {
    zh: (count) => `人员名册已 ${count} 天未更新（应每月更新）`,
    en: (count) => `The roster is ${many(count, 'day')} old (it is to be updated every month)`,
  },
  'deadline-near': {
    zh: (count) => `距完成期限还有 ${count} 天，仍有缺口`,
    en: (count) => `${many(count, 'day')} to the deadline, and gaps are open`,
  },
};

export interface AlertListTexts {
  readonly open: string;
  readonly ended: (time: string) => string;
  readonly none: string;
  readonly delivery: {
    readonly none: string;
    readonly waiting: string;
    readonly sent: string;
    readonly 'not-sent': string;
  };
}

export const alertListTexts: { readonly [L in Language]: AlertListTexts } = {
  zh: {
    open: '未解除',
    ended: (time) => `${time} 解除`,
    none: '没有提醒。',
    delivery: { none: '未配置推送', waiting: '等待推送', sent: '已推送', 'not-sent': '推送失败' },
  },
  en: {
    open: 'open',
    ended: (time) => `over since ${time}`,
    none: 'No alert.',
    delivery: { none: 'no webhook', waiting: 'to be sent', sent: 'sent', 'not-sent': 'could not be sent' },
  },
};
