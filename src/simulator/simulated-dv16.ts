/**
 * A recorder that answers the JieLi DV16 protocol, as far as its public headers tell: what it is told it keeps, what it
 * cannot do it refuses with a status. It knows nothing of the driver that speaks to it.
 */

export interface SimulatedDv16Options {
  readonly idCode: string;
  /** The 94 bytes of its info record. */
  readonly info: Uint8Array;
  readonly password: string;
  readonly cardPresent: boolean;
  readonly recording: boolean;
  readonly batteryPercent: number;
  readonly resolution: { readonly width: number; readonly height: number };
  readonly refusesTime?: boolean;
}

const goodStatus = 0;
const busyStatus = 1;

export class SimulatedDv16 {
  readonly #options: SimulatedDv16Options;
  info: Uint8Array;
  /** The seven bytes it was last told, undefined when nobody set its clock. */
  clock: Uint8Array | undefined;
  inDiskMode = false;
  /** Milliseconds since 1970 when it was last told a time; to be set against what it was told. */
  toldAtMs: number | undefined;
  #status = goodStatus;
  #isRecording: boolean;

  constructor(options: SimulatedDv16Options) {
    this.#options = options;
    this.info = options.info;
    this.#isRecording = options.recording;
  }

  stopRecording(): void {
    this.#isRecording = false;
  }

  /** `YYYY-MM-DDTHH:MM:SS` that it was last told, undefined when nobody set its clock. */
  get clockTold(): string | undefined {
    if (this.clock === undefined) return undefined;
    const [month, day, hour, minute, second] = Array.from(this.clock.subarray(2), (value) =>
      String(value).padStart(2, '0'),
    );
    const year = String(Buffer.from(this.clock).readUInt16LE(0)).padStart(4, '0');
    return `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  }

  /** Carries out one command block. @throws Error for what no such recorder knows */
  send(block: Uint8Array, data: Uint8Array): Uint8Array {
    if (this.inDiskMode) throw new Error('the recorder left the bus');
    const [opcode, way, , , , code, , length = 0] = block;
    if (opcode === 0xfd && way === 0x81) return this.#answer(code ?? 0).subarray(0, length);
    if (opcode === 0xfb && way === 0x82 && data.length === length) {
      this.#take(code ?? 0, data);
      return new Uint8Array();
    }
    throw new Error('illegal request');
  }

  #answer(code: number): Uint8Array {
    const { idCode, password, cardPresent, batteryPercent, resolution } = this.#options;
    switch (code) {
      case 2:
        return padded(idCode, 6);
      case 3:
        return this.info;
      case 7:
        return integers(resolution.width, resolution.height);
      case 8:
        return integers(batteryPercent);
      case 12:
        return integers(cardPresent ? 1 : 0);
      case 13:
        return padded(password, 16);
      case 14:
        return integers(this.#status);
      default:
        throw new Error('illegal request');
    }
  }

  #take(code: number, data: Uint8Array): void {
    this.#status = goodStatus;
    if (code === 4) this.info = Uint8Array.from(data);
    else if (code === 5) this.#takeTime(data);
    else if (code === 6 && this.#isRecording) this.#status = busyStatus;
    else if (code === 6) this.inDiskMode = true;
    else if (code !== 1) this.#status = busyStatus;
  }

  #takeTime(data: Uint8Array): void {
    if (this.#options.refusesTime === true) {
      this.#status = busyStatus;
      return;
    }
    this.clock = Uint8Array.from(data);
    this.toldAtMs = Date.now();
  }
}

function padded(text: string, length: number): Uint8Array {
  const bytes = Buffer.alloc(length);
  bytes.write(text, 'latin1');
  return bytes;
}

function integers(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) bytes.writeInt32LE(value, at * 4);
  return bytes;
}
