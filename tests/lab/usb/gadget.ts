/**
 * A virtual recorder in one of the guest's virtual USB sockets, through the kernel's gadget configfs
 * (Documentation/usb/gadget_configfs.rst, ABI/testing/configfs-usb-gadget*). The other side of the cable is the real
 * USB stack: what is docked here is enumerated, bound to usb-storage and shows up as a disk.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const gadgets = '/sys/kernel/config/usb_gadget';
const english = '0x409';

export interface GadgetDisk {
  /** The card's image file. */
  readonly image: string;
  /** Whether the recorder itself refuses writes. */
  readonly readOnly: boolean;
  /** SCSI inquiry: 8 characters vendor, 16 model, 4 revision; the kernel pads. */
  readonly inquiry: string;
}

export interface GadgetWish {
  readonly vendorId: number;
  readonly productId: number;
  readonly serial: string;
  readonly manufacturer: string;
  readonly product: string;
  /** Each is a logical unit of the one storage interface: an internal memory and a card, say. */
  readonly disks: readonly GadgetDisk[];
  /** A keyboard beside it, as a BadUSB device has. */
  readonly keyboard?: boolean;
  /** Without it as fast as the socket. */
  readonly maxSpeed?: 'high-speed';
  /** An interface whose other end is a program. It must have described it at the mount before the gadget is docked. */
  readonly functionFs?: { readonly name: string; readonly mount: string };
}

/** Boot keyboard, HID 1.11 appendix E.6. */
const keyboardReport = Buffer.from(
  '05010906a101050719e029e71500250175019508810295017508810395057501050819012905910295017503910395067508150025650507' +
    '190029658100c0',
  'hex',
);

export class Gadget {
  readonly name: string;
  readonly wish: GadgetWish;
  readonly #folder: string;
  #socket: number | undefined;

  /** @throws the kernel's error, EEXIST for a name that is in use */
  constructor(name: string, wish: GadgetWish) {
    this.name = name;
    this.wish = wish;
    this.#folder = join(gadgets, name);
    mkdirSync(this.#folder);
    this.#set('idVendor', `0x${wish.vendorId.toString(16)}`);
    this.#set('idProduct', `0x${wish.productId.toString(16)}`);
    if (wish.maxSpeed !== undefined) this.#set('max_speed', wish.maxSpeed);
    this.#makeFolder(`strings/${english}`);
    this.#set(`strings/${english}/serialnumber`, wish.serial);
    this.#set(`strings/${english}/manufacturer`, wish.manufacturer);
    this.#set(`strings/${english}/product`, wish.product);
    this.#makeFolder(`configs/c.1/strings/${english}`);
    this.#set(`configs/c.1/strings/${english}/configuration`, 'recorder');
    if (wish.disks.length > 0) this.#addStorage(wish.disks);
    if (wish.keyboard) this.#addKeyboard();
    if (wish.functionFs !== undefined) this.#addFunctionFs(wish.functionFs);
  }

  /** The socket it sits in, from 0. */
  get socket(): number | undefined {
    return this.#socket;
  }

  /** Plugs in. @throws EBUSY when the socket is in use */
  dock(socket: number): void {
    this.#set('UDC', `dummy_udc.${socket}`);
    this.#socket = socket;
  }

  /** Pulls out, whatever is going on. */
  undock(): void {
    this.#set('UDC', '\n');
    this.#socket = undefined;
  }

  /** Takes it away for good; undocks first. */
  remove(): void {
    if (this.#socket !== undefined) this.undock();
    for (const name of readdirSync(join(this.#folder, 'configs/c.1'))) {
      if (name.includes('.')) unlinkSync(join(this.#folder, 'configs/c.1', name));
    }
    rmdirSync(join(this.#folder, 'configs/c.1/strings', english));
    rmdirSync(join(this.#folder, 'configs/c.1'));
    for (const name of readdirSync(join(this.#folder, 'functions'))) this.#removeFunction(name);
    rmdirSync(join(this.#folder, 'strings', english));
    rmdirSync(this.#folder);
  }

  #removeFunction(name: string): void {
    const folder = join(this.#folder, 'functions', name);
    for (let at = this.wish.disks.length - 1; at > 0; at -= 1) {
      if (existsSync(join(folder, `lun.${at}`))) rmdirSync(join(folder, `lun.${at}`));
    }
    rmdirSync(folder);
  }

  #addStorage(disks: readonly GadgetDisk[]): void {
    this.#makeFolder('functions/mass_storage.0');
    for (const [at, disk] of disks.entries()) {
      const unit = `functions/mass_storage.0/lun.${at}`;
      // Unit 0 is there from the start.
      if (at > 0) this.#makeFolder(unit);
      this.#set(`${unit}/removable`, '1');
      this.#set(`${unit}/ro`, disk.readOnly ? '1' : '0');
      this.#set(`${unit}/inquiry_string`, disk.inquiry);
      this.#set(`${unit}/file`, disk.image);
    }
    symlinkSync(join(this.#folder, 'functions/mass_storage.0'), join(this.#folder, 'configs/c.1/mass_storage.0'));
  }

  #addKeyboard(): void {
    this.#makeFolder('functions/hid.0');
    this.#set('functions/hid.0/protocol', '1');
    this.#set('functions/hid.0/subclass', '1');
    this.#set('functions/hid.0/report_length', '8');
    writeFileSync(join(this.#folder, 'functions/hid.0/report_desc'), keyboardReport);
    symlinkSync(join(this.#folder, 'functions/hid.0'), join(this.#folder, 'configs/c.1/hid.0'));
  }

  #addFunctionFs({ name, mount }: { readonly name: string; readonly mount: string }): void {
    this.#makeFolder(`functions/ffs.${name}`);
    mkdirSync(mount, { recursive: true });
    execFileSync('mount', ['-t', 'functionfs', name, mount]);
    symlinkSync(join(this.#folder, `functions/ffs.${name}`), join(this.#folder, `configs/c.1/ffs.${name}`));
  }

  #makeFolder(path: string): void {
    mkdirSync(join(this.#folder, path), { recursive: true });
  }

  #set(path: string, value: string): void {
    writeFileSync(join(this.#folder, path), value);
  }
}
