/**
 * Files in memory that forget. A power cut keeps what was durable; of everything written since the last completed
 * sync of its file, each 512-byte sector is kept or lost by chance, and of every name made, renamed or deleted since
 * the last completed sync of its folder the change is kept or lost by chance. Faults can be asked for.
 */
import path from 'node:path';
import type { FileFacts, Files, OpenFile } from '../../src/store/files.ts';

/** The part of a disk that is written as a whole. */
const sectorBytes = 512;

/** Thrown by what is done synchronously after the cut; what is asynchronous never comes back. */
export class PowerCut extends Error {}

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}

/** What a sector held before a write that is not durable yet. */
type Before = Map<number, Uint8Array>;

class Inode {
  bytes: Uint8Array = new Uint8Array(0);
  size = 0;
  modifiedAt = 0;
  durableSize = 0;
  /** Since the last sync began. */
  dirty: Before = new Map();
  /** Of syncs under way: what the sectors held before. */
  syncing: Before = new Map();

  write(piece: Uint8Array, position: number): void {
    const end = position + piece.length;
    if (end > this.bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.bytes.length * 2, sectorBytes));
      grown.set(this.bytes);
      this.bytes = grown;
    }
    for (let sector = Math.floor(position / sectorBytes); sector * sectorBytes < end; sector += 1) {
      if (!this.dirty.has(sector)) this.dirty.set(sector, this.sector(sector));
    }
    this.bytes.set(piece, position);
    this.size = Math.max(this.size, end);
  }

  sector(index: number): Uint8Array {
    return this.bytes.slice(index * sectorBytes, (index + 1) * sectorBytes);
  }

  /** A sync begins: what was written until now is its business. */
  beginSync(): { readonly size: number } {
    for (const [sector, before] of this.dirty)
      if (!this.syncing.has(sector)) this.syncing.set(sector, before);
    this.dirty = new Map();
    return { size: this.size };
  }

  endSync(size: number): void {
    this.syncing = new Map();
    this.durableSize = size;
  }

  /** The inode after a power cut. */
  survivor(random: () => number): Inode {
    const left = new Inode();
    left.size = random() < 0.5 ? this.size : Math.min(this.size, this.durableSize);
    if (this.size < this.durableSize && random() < 0.5) left.size = this.durableSize;
    left.bytes = this.bytes.slice();
    const before = new Map([...this.dirty, ...this.syncing]);
    for (const [sector, old] of before) {
      if (random() < 0.5) continue;
      left.bytes.fill(0, sector * sectorBytes, (sector + 1) * sectorBytes);
      left.bytes.set(
        old.subarray(0, Math.max(0, left.bytes.length - sector * sectorBytes)),
        sector * sectorBytes,
      );
    }
    left.durableSize = left.size;
    left.modifiedAt = this.modifiedAt;
    return left;
  }
}

/** A change of names that is not durable yet: name to inode, or to nothing. */
type NameChange = ReadonlyMap<string, Inode | undefined>;

export class SimulatedFiles implements Files {
  /** Operations so far. */
  operations = 0;
  /** Nothing more fits; what lies within a file's length can still be overwritten. */
  full = false;
  readOnly = false;
  /** Every sync fails with this code. */
  syncError: string | undefined;
  /** Stops before the operation with this number. */
  cutAt = Infinity;
  /** Wall-clock milliseconds for `modifiedAt`; by default another one at each operation. */
  now: () => number = () => this.operations;
  /** Called when a sync of file data begins; it completes when the promise resolves. */
  onSync: (name: string) => Promise<unknown> | undefined = () => undefined;

  readonly #cut = Promise.withResolvers<undefined>();
  #isCut = false;
  #names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();
  #changes: NameChange[] = [];

  /** Resolves when the power was cut. */
  get cut(): Promise<void> {
    return this.#cut.promise;
  }

  /** Cuts the power now. */
  powerOff(): void {
    this.#isCut = true;
    this.#cut.resolve(undefined);
  }

  /** Cuts the power, if it was not; what the disk then holds, by chance. */
  afterPowerCut(random: () => number): SimulatedFiles {
    this.powerOff();
    const names = new Map(this.#durableNames);
    for (const change of this.#changes) {
      if (random() < 0.5) continue;
      for (const [name, inode] of change) {
        if (inode === undefined) names.delete(name);
        else names.set(name, inode);
      }
    }
    const survivors = new Map<Inode, Inode>();
    const left = new SimulatedFiles();
    for (const [name, inode] of names) {
      const survivor = survivors.get(inode) ?? inode.survivor(random);
      survivors.set(inode, survivor);
      left.#names.set(name, survivor);
      left.#durableNames.set(name, survivor);
    }
    return left;
  }

  /** An independent copy of what the files hold now, all of it durable. */
  copy(): SimulatedFiles {
    const copy = new SimulatedFiles();
    for (const [name, inode] of this.#names) copy.put(name, inode.bytes.slice(0, inode.size));
    return copy;
  }

  /** Names of all files, sorted. */
  get names(): readonly string[] {
    return [...this.#names.keys()].sort();
  }

  /** Puts a durable file there, whatever the faults. */
  put(name: string, bytes: Uint8Array): void {
    const inode = new Inode();
    inode.bytes = bytes.slice();
    inode.size = bytes.length;
    inode.durableSize = bytes.length;
    inode.modifiedAt = this.now();
    this.#names.set(name, inode);
    this.#durableNames.set(name, inode);
  }

  /** The bytes of a file as they are now. */
  get(name: string): Uint8Array {
    const inode = this.#inode(name);
    return inode.bytes.slice(0, inode.size);
  }

  async makeDirectory(): Promise<void> {
    await this.#step();
  }

  async list(directory: string): Promise<readonly string[]> {
    await this.#step();
    return [...this.#names.keys()]
      .filter((name) => path.dirname(name) === directory)
      .map((name) => path.basename(name));
  }

  async facts(name: string): Promise<FileFacts | undefined> {
    await this.#step();
    const inode = this.#names.get(name);
    return inode === undefined ? undefined : { size: inode.size, modifiedAt: inode.modifiedAt };
  }

  exists(name: string): boolean {
    this.#stepNow();
    return this.#names.has(name);
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    await this.#step();
    return this.#names.has(name) ? this.get(name) : undefined;
  }

  async create(name: string): Promise<OpenFile> {
    await this.#step();
    this.#mayChange();
    if (this.#names.has(name)) throw systemError('EEXIST');
    const inode = new Inode();
    inode.modifiedAt = this.now();
    this.#change(new Map([[name, inode]]));
    return this.#handle(inode, name);
  }

  async open(name: string): Promise<OpenFile> {
    await this.#step();
    return this.#handle(this.#inode(name), name);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#step();
    this.#rename(from, to);
  }

  renameNow(from: string, to: string): void {
    this.#stepNow();
    this.#rename(from, to);
  }

  async unlink(name: string): Promise<void> {
    await this.#step();
    this.#unlink(name);
  }

  unlinkNow(name: string): void {
    this.#stepNow();
    this.#unlink(name);
  }

  async syncDirectory(directory: string): Promise<void> {
    const changes = this.#changes.filter((change) =>
      [...change.keys()].some((name) => path.dirname(name) === directory),
    );
    await this.#step();
    this.#mayChange();
    for (const change of changes) this.#apply(change);
    this.#changes = this.#changes.filter((change) => !changes.includes(change));
  }

  #rename(from: string, to: string): void {
    this.#mayChange();
    this.#change(
      new Map([
        [from, undefined],
        [to, this.#inode(from)],
      ]),
    );
  }

  #unlink(name: string): void {
    this.#mayChange();
    if (this.#names.has(name)) this.#change(new Map([[name, undefined]]));
  }

  #change(change: NameChange): void {
    for (const [name, inode] of change) {
      if (inode === undefined) this.#names.delete(name);
      else this.#names.set(name, inode);
    }
    this.#changes.push(change);
  }

  #apply(change: NameChange): void {
    for (const [name, inode] of change) {
      if (inode === undefined) this.#durableNames.delete(name);
      else this.#durableNames.set(name, inode);
    }
  }

  #handle(inode: Inode, name: string): OpenFile {
    const write = (bytes: Uint8Array, position: number): void => {
      this.#mayChange();
      if (this.full && position + bytes.length > inode.size) throw systemError('ENOSPC');
      inode.write(bytes, position);
      inode.modifiedAt = this.now();
    };
    const sync = (size: number): void => {
      if (this.syncError !== undefined) throw systemError(this.syncError);
      inode.endSync(size);
    };
    return {
      write: async (bytes, position) => {
        await this.#step();
        write(bytes, position);
      },
      writeNow: (bytes, position) => {
        this.#stepNow();
        write(bytes, position);
      },
      read: async (position, length) => {
        await this.#step();
        return inode.bytes.slice(position, Math.min(inode.size, position + length));
      },
      sync: async () => {
        this.#stepNow();
        const { size } = inode.beginSync();
        await this.onSync(path.basename(name));
        await this.#step();
        sync(size);
      },
      syncNow: () => {
        this.#stepNow();
        sync(inode.beginSync().size);
      },
      truncate: async (size) => {
        await this.#step();
        this.#mayChange();
        inode.size = size;
      },
      close: () => this.#step(),
      closeNow: () => this.#stepNow(),
    };
  }

  #inode(name: string): Inode {
    const inode = this.#names.get(name);
    if (inode === undefined) throw systemError('ENOENT');
    return inode;
  }

  #mayChange(): void {
    if (this.readOnly) throw systemError('EROFS');
  }

  /** Counts an operation. At the cut, and ever after, it does not come back. */
  async #step(): Promise<void> {
    this.operations += 1;
    if (this.operations >= this.cutAt) this.powerOff();
    if (this.#isCut) await new Promise<never>(() => undefined);
    await Promise.resolve();
  }

  #stepNow(): void {
    this.operations += 1;
    if (this.operations >= this.cutAt) this.powerOff();
    if (this.#isCut) throw new PowerCut('The power was cut.');
  }
}
