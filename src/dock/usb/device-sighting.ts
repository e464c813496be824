/** By what a device in a slot is known again, from one look to the next. */
import type { UsbDevice } from './ports.ts';

/** What must stay the same for what was seen to count. */
export const sightingOf = ({ portPath, deviceNumber, interfaces, disks }: UsbDevice): string =>
  JSON.stringify([
    portPath,
    deviceNumber,
    interfaces.map(({ name }) => name),
    disks.map(({ name, sectors, diskSequence, partitions }) => [name, sectors, diskSequence, partitions]),
  ]);

/** Said of a mounted recorder: another plug or another medium is another visit. */
export const generationOf = ({ portPath, deviceNumber, disks }: UsbDevice): string => {
  const media = disks
    .filter(({ sectors }) => sectors > 0)
    .map(({ name, diskSequence }) => `${name}.${diskSequence ?? 0}`);
  return [portPath, deviceNumber, ...media].join('-');
};
