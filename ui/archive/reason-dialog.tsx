import { useState } from 'preact/hooks';
import type { ApiError } from '../../protocol/api/common.ts';
import { Button } from '../shared/components/button.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { t } from '../shared/language.ts';

const shortest = 3;

interface ReasonDialogProps {
  title: string;
  hint?: string;
  label?: string;
  action: string;
  /** Answers with the refusal, or null when it was done. */
  onGive: (reason: string) => Promise<ApiError | null>;
  onClose: () => void;
}

/** Asks for the reason of an act; it stays with it for good. */
export function ReasonDialog({ title, hint, label, action, onGive, onClose }: ReasonDialogProps) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const isGiven = reason.trim().length >= shortest;
  const give = async () => {
    if (!isGiven || busy) return;
    setBusy(true);
    const refusal = await onGive(reason.trim());
    setBusy(false);
    setError(refusal);
    if (!refusal) onClose();
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('page.cancel')}</Button>
          <Button kind="primary" busy={busy} disabled={!isGiven} onPress={() => void give()}>
            {action}
          </Button>
        </>
      }
    >
      <form
        class="reason"
        onSubmit={event => {
          event.preventDefault();
          void give();
        }}
      >
        <label class="field">
          <span>{label ?? t('archive.reason')}</span>
          <input
            class="input"
            autofocus
            autocomplete="off"
            maxLength={300}
            value={reason}
            onInput={event => setReason(event.currentTarget.value)}
          />
        </label>
        {hint && <p>{hint}</p>}
        {error && <Notice error={error} />}
      </form>
    </Dialog>
  );
}
