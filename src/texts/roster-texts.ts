/** Words of the roster between imports: the list of imports, undoing, questions, when the next one is due. */
import type { RosterAnswer } from '../domain/roster-questions.ts';
import type { ImportKind } from '../domain/subject-kinds.ts';
import type { Language } from './cli-texts.ts';

export interface RosterTexts {
  readonly kinds: { readonly [K in ImportKind]: string };
  readonly counts: (added: number, changed: number, missing: number) => string;
  readonly undoneOn: (time: string, by: string) => string;
  readonly undone: (id: string, kept: number) => string;
  readonly questions: (count: number) => string;
  readonly answered: (certificateNo: string, answer: RosterAnswer) => string;
  readonly people: (persons: number, certificates: number) => string;
  readonly noRoster: string;
  readonly age: (newest: string, dueOn: string, isOverdue: boolean) => string;
  readonly unmapped: (post: string, officers: number) => string;
}

export const rosterTexts: { readonly [L in Language]: RosterTexts } = {
  zh: {
    kinds: { officers: '名册', recorders: '记录仪', assignments: '配发', cases: '案件', complaints: '投诉举报' },
    counts: (added, changed, missing) => `新增 ${added} 变更 ${changed} 未列 ${missing}`,
    undoneOn: (time, by) => `已于 ${time} 由 ${by} 撤销`,
    undone: (id, kept) => `已撤销 ${id}${kept === 0 ? '' : `；其后的导入所述的 ${kept} 项另行记明，保持不变`}。`,
    questions: (count) =>
      count === 0
        ? '没有待确认人员。'
        : `最新名册未列出 ${count} 个证号，请逐一说明：evidock roster answer 证号 left|stays`,
    answered: (certificateNo, answer) =>
      answer === 'left' ? `已记录 ${certificateNo} 离岗。` : `已记录 ${certificateNo} 仍在岗在册。`,
    people: (persons, certificates) => `在册 ${persons} 人，执法证 ${certificates} 个。`,
    noRoster: '尚未导入名册。',
    age: (newest, dueOn, isOverdue) =>
      isOverdue
        ? `最新名册为 ${newest}，应于 ${dueOn} 前更新，已逾期。`
        : `最新名册为 ${newest}，下次更新不晚于 ${dueOn}。`,
    unmapped: (post, officers) =>
      `岗位“${post === '' ? '（未填）' : post}”不在对照表中（${officers} 人），暂按一线计；请在统计口径文件的 posts 中补充。`,
  },
  en: {
    kinds: {
      officers: 'roster',
      recorders: 'recorders',
      assignments: 'assignments',
      cases: 'cases',
      complaints: 'complaints',
    },
    counts: (added, changed, missing) => `${added} new ${changed} changed ${missing} not named`,
    undoneOn: (time, by) => `undone ${time} by ${by}`,
    undone: (id, kept) =>
      `${id} is undone${kept === 0 ? '' : `; ${kept} things that later imports said were written down and stay`}.`,
    questions: (count) =>
      count === 0
        ? 'Nobody is asked about.'
        : `The newest roster does not name ${count} certificates; say of each: evidock roster answer CERTIFICATE left|stays`,
    answered: (certificateNo, answer) =>
      answer === 'left' ? `Recorded: ${certificateNo} has left.` : `Recorded: ${certificateNo} stays.`,
    people: (persons, certificates) => `${persons} persons with ${certificates} certificates.`,
    noRoster: 'No roster was imported yet.',
    age: (newest, dueOn, isOverdue) =>
      isOverdue
        ? `The newest roster is of ${newest}; the next was due by ${dueOn}.`
        : `The newest roster is of ${newest}; the next is due by ${dueOn}.`,
    unmapped: (post, officers) =>
      `The post "${post === '' ? '(none)' : post}" of ${officers} officers is in no table and counts as front-line; add it to posts in the profiles file.`,
  },
};
