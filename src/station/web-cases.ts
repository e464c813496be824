/** Cases as the pages ask for them; whoever ticks or sends there is the given actor. */
import type { Actor } from '../domain/records.ts';
import type { Station } from '../station.ts';
import type { WebCases } from '../web/web-cases.ts';

export function webCases(station: Station, actor: Actor): WebCases {
  const { cases, people } = station;
  return {
    list: (query) => cases.list(query),
    find: (number) => cases.find(number),
    findClipCheck: (clip) => cases.findClipCheck(clip),
    clocks: () => cases.clocks(),
    complaints: () => cases.complaints(),
    review: ({ case: of, act, ...review }) => cases.review({ ...review, target: { case: of, act }, clips: [], actor }),
    async update(bytes) {
      const request = { bytes, effective: station.today(), dryRun: false, allowPartial: false, actor };
      const { records, difference, reading } = await people.updateCases(request);
      return {
        records,
        added: difference.added.map(({ key }) => key),
        changed: difference.changed.map(({ key }) => key),
        unchanged: difference.unchanged.length,
        problems: reading.problems,
      };
    },
  };
}
