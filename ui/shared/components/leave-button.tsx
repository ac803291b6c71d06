import { useSignal } from '@preact/signals';
import type { ApiError } from '../../../protocol/api/common.ts';
import { t } from '../language.ts';
import { logOut } from '../session.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Notice } from './notice.tsx';

/** Logs out. When that was not done it says so: whoever comes next would act for the one who left. */
export function LeaveButton() {
  const busy = useSignal(false);
  const error = useSignal<ApiError | null>(null);
  const leave = async () => {
    busy.value = true;
    error.value = await logOut();
    busy.value = false;
  };
  return (
    <>
      <Button kind="quiet" busy={busy.value} onPress={() => void leave()}>
        {t('login.leave')}
      </Button>
      {error.value && (
        <Dialog
          title={t('login.leave')}
          onClose={() => {
            error.value = null;
          }}
        >
          <Notice error={error.value} />
        </Dialog>
      )}
    </>
  );
}
