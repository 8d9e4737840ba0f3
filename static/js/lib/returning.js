/** Have `again` called when the list tells of `conversation`, which was gone: it is back. */
export function onReturn(conversation, again, signal) {
  const told = ({ data }) => {
    if (data !== conversation) return;
    removeEventListener("conversation.changed", told);
    again();
  };
  addEventListener("conversation.changed", told, { signal });
}
