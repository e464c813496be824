/** Every scenario of the USB laboratory by its name. */
import type { Scenario } from './scenario.ts';
import { badusb } from './scenarios/badusb.ts';
import { clearingTrial } from './scenarios/clearing.ts';
import { crashTrial } from './scenarios/crash.ts';
import { cyclesTrial } from './scenarios/cycles.ts';
import { fixtures } from './scenarios/fixtures.ts';
import { hiddenKeyboardTrial } from './scenarios/hidden-keyboard.ts';
import { hostileCards } from './scenarios/hostile-cards.ts';
import { hostileStationTrial } from './scenarios/hostile-station.ts';
import { playerTrial } from './scenarios/player.ts';
import { slice } from './scenarios/slice.ts';
import { smoke } from './scenarios/smoke.ts';
import { allAtOnce } from './scenarios/station.ts';
import { twinsTrial } from './scenarios/twins.ts';
import { undockingTrial } from './scenarios/undocking.ts';
import { stationScenario } from './station-scenario.ts';

/** With the real daemon. */
const trials = [
  allAtOnce,
  undockingTrial,
  playerTrial,
  twinsTrial,
  hiddenKeyboardTrial,
  hostileStationTrial,
  clearingTrial,
  crashTrial,
  cyclesTrial,
] as const;

export const scenarios: readonly Scenario[] = [
  ...[smoke, badusb, hostileCards, fixtures],
  ...trials.map((trial) => stationScenario(trial.name, [trial])),
  slice,
];

/** `twins+player`: trials that share one daemon in one guest. @throws Error naming those that exist */
export function getScenario(name: string): Scenario {
  const scenario = scenarios.find((candidate) => candidate.name === name) ?? joined(name);
  if (scenario === undefined) {
    throw new Error(`no scenario ${name}; there are ${scenarios.map((known) => known.name).join(', ')}`);
  }
  return scenario;
}

function joined(name: string): Scenario | undefined {
  const names = name.split('+');
  const [first, ...more] = names.flatMap((one) => trials.find((trial) => trial.name === one && trial.shares) ?? []);
  if (first === undefined || more.length + 1 !== names.length) return undefined;
  return stationScenario(name, [first, ...more]);
}
