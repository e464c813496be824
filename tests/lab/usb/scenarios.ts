/** Every scenario of the USB laboratory by its name. */
import type { Scenario } from './scenario.ts';
import { badusb } from './scenarios/badusb.ts';
import { crash } from './scenarios/crash.ts';
import { cycles } from './scenarios/cycles.ts';
import { fixtures } from './scenarios/fixtures.ts';
import { hiddenKeyboard } from './scenarios/hidden-keyboard.ts';
import { hostileCards } from './scenarios/hostile-cards.ts';
import { hostileStation } from './scenarios/hostile-station.ts';
import { slice } from './scenarios/slice.ts';
import { smoke } from './scenarios/smoke.ts';
import { station } from './scenarios/station.ts';
import { twins } from './scenarios/twins.ts';
import { undocking } from './scenarios/undocking.ts';

export const scenarios: readonly Scenario[] = [
  smoke,
  badusb,
  hostileCards,
  fixtures,
  station,
  twins,
  hiddenKeyboard,
  undocking,
  crash,
  cycles,
  hostileStation,
  slice,
];

/** @throws Error naming those that exist */
export function getScenario(name: string): Scenario {
  const scenario = scenarios.find((candidate) => candidate.name === name);
  if (scenario === undefined) {
    throw new Error(`no scenario ${name}; there are ${scenarios.map((known) => known.name).join(', ')}`);
  }
  return scenario;
}
