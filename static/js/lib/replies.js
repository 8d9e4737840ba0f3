/** The replies on a page that are being written: the id of the message → its Reply. */
export class Replies extends Map {
  /** Those that Stop is about: the one that runs, or waits, and what it is compared with. */
  get open() {
    const open = [...this.values()].filter((reply) => !reply.isFrozen);
    const first = open.find((reply) => reply.isRunning) ?? open[0];
    const isBeside = ({ compared }) => compared && compared === first.compared;
    return open.filter((reply) => reply === first || isBeside(reply));
  }

  /** Those stopped here that have not ended yet. */
  get stopping() {
    return [...this.values()].filter((reply) => reply.isFrozen);
  }

  /** The last frame that was applied to each. */
  get seq() {
    return Object.fromEntries([...this].map(([id, reply]) => [id, reply.seq]));
  }
}
