/** Links as the pages ask for them; whoever says something there is the given actor. */
import type { LinkAnswer } from '../domain/linking-policy.ts';
import { readablePath } from '../domain/readable-path.ts';
import type { Actor } from '../domain/records.ts';
import type { Station } from '../station.ts';
import type { ProposalView, WebLinks } from '../web/web-links.ts';
import type { LinkView } from '../web/web-station.ts';
import type { Proposal } from './link-desk.ts';

export function webLinks(station: Station, actor: Actor): WebLinks {
  const { links, queue, context } = station;
  const officerView = ({ officer }: LinkAnswer): LinkView | null => {
    if (officer === null) return null;
    const facts = context.registry.people.versionsOfKey('officers', officer.number).at(-1)?.facts;
    return { ...officer, name: facts?.name ?? null, unit: facts?.unit ?? null, known: facts !== undefined };
  };
  const caseView = ({ case: linked }: LinkAnswer): LinkView | null =>
    linked && {
      number: links.caseNumber(linked.number),
      basis: linked.basis,
      ...{ name: null, unit: null, known: context.registry.links.caseFacts(linked.number) !== undefined },
    };
  return {
    queue(page) {
      const { entries, ...counts } = queue.page(page);
      const rows = entries.map(({ row, links: answer, ageMs, proposals, part, handIn }) => ({
        clip: row.clip,
        path: readablePath(row.path),
        recorder: row.recorder,
        occurredAt: row.occurredAt,
        ageMs,
        officer: officerView(answer),
        case: caseView(answer),
        proposals: proposals.map(proposalView),
        part,
        lateMs: handIn?.lateMs ?? null,
        dueAt: handIn === null ? null : new Date(handIn.dueMs).toISOString(),
      }));
      return { rows, ...counts };
    },
    ofClip(clip) {
      const answer = links.linksOf(clip);
      const { parts, gapsMs } = links.recording(clip);
      return {
        case: caseView(answer),
        steps: answer.history.map((step) => ({
          ...step,
          number: step.target === 'case' ? links.caseNumber(step.number) : step.number,
        })),
        proposals: links.proposals(clip).map(proposalView),
        recording: parts.map(({ clip: id, row, durationMs }, at) => ({
          clip: id,
          path: readablePath(row.path),
          recordedAt: row.recordedAt,
          durationMs,
          gapMs: at === 0 ? null : (gapsMs[at - 1] ?? null),
        })),
      };
    },
    parts(clips) {
      const finder = links.finder();
      const found = new Map<string, { at: number; of: number }>();
      for (const clip of clips) {
        const row = context.registry.links.clip(clip);
        if (row === undefined) continue;
        const { parts } = finder.recording(row);
        if (parts.length > 1)
          found.set(clip, { at: parts.findIndex((part) => part.clip === clip) + 1, of: parts.length });
      }
      return found;
    },
    link: async (what) => void (await links.link({ ...what, actor })),
    reject: async (what) => void (await links.reject({ ...what, actor })),
    unlink: (what) => links.unlink({ ...what, actor }),
    settle: (what) => links.settle({ ...what, actor }),
  };
}

const proposalView = ({ key, number, score, reasons, heldBack }: Proposal): ProposalView => ({
  key,
  number,
  score,
  reasons,
  heldBack,
});
