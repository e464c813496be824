/** What scripts/test runs: the laboratory's two shortest trials in one guest, because booting is what takes longest. */
import type { Scenario } from '../scenario.ts';
import { badusb } from './badusb.ts';
import { smoke } from './smoke.ts';

export const slice: Scenario = {
  name: 'slice',
  goal: 'smoke and badusb in one guest, as scripts/test runs them',
  secondsMax: 400,
  run: async (lab) => {
    await smoke.run(lab);
    await badusb.run(lab);
  },
};
