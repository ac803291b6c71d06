import { useEffect, useRef, useState } from 'preact/hooks';
import type { CaseView } from '../../protocol/api/cases.ts';
import type { ApiError } from '../../protocol/api/common.ts';
import type { SigningView, TokenView } from '../../protocol/api/signing.ts';
import { get, post } from '../shared/api.ts';
import { showFullDay } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { Loaded, Progress } from '../shared/components/states.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { t } from '../shared/language.ts';
import { type Held, resource } from '../shared/resource.ts';
import { focusPrimary } from './actions.ts';
import { ApplicantSigning } from './applicant-signing.tsx';
import { currentCase, takeCase } from './store.ts';

const token = resource<TokenView>(() => '/api/token', ['devices']);
const signTimeoutMs = 120_000;
const progressEveryMs = 500;
const urgent: ReadonlySet<string> = new Set(['token.pin-locked', 'token.pin-last-try']);

interface PinDialogProps {
  documents: number;
  onClose: () => void;
}

/** Takes the PIN for one try. It is never kept here and never sent twice: three wrong ones lock the token. */
export function PinDialog({ documents, onClose }: PinDialogProps) {
  const [pin, setPin] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => void token.refresh(), []);
  const held = token.held.value;
  const { usable, kept } = readiness(held);
  const asking = useRef(false);
  const caseId = currentCase.value?.caseId;

  const sign = async () => {
    if (asking.current || !caseId) return;
    asking.current = true;
    // Who types faster than the token is found has pressed Enter all the same.
    if (token.held.value.kind === 'loading') await token.refresh();
    const now = readiness(token.held.value);
    if ((pin === '' && !now.kept) || !now.usable) {
      asking.current = false;
      return;
    }
    setBusy(true);
    setError(null);
    const once = pin;
    setPin('');
    const answer = await post<CaseView>(
      `/api/cases/${caseId}/sign`,
      now.kept ? {} : { pin: once },
      signTimeoutMs,
    );
    asking.current = false;
    setBusy(false);
    if (answer.ok) {
      takeCase(answer.value);
      onClose();
      queueMicrotask(focusPrimary);
      return;
    }
    setError(answer.error);
    void token.refresh();
    field.current?.focus();
  };

  return (
    <Dialog
      title={t('clerk.sign-title')}
      onClose={busy ? undefined : onClose}
      actions={
        <>
          <Button onPress={onClose} disabled={busy}>
            {t('page.cancel')}
          </Button>
          <Button
            kind="primary"
            busy={busy}
            disabled={(pin === '' && !kept) || !usable}
            onPress={() => void sign()}
          >
            {t('clerk.do.sign')}
          </Button>
        </>
      }
    >
      <p>{t('clerk.sign-count', { count: documents })}</p>
      <Loaded held={held} onRetry={() => void token.refresh()} rows={1}>
        {view => <TokenSummary view={view} told={error} />}
      </Loaded>
      {error && <Notice error={error} tone={urgent.has(error.code) ? 'trouble' : 'attention'} />}
      {kept ? (
        <p>{t('clerk.pin-kept')}</p>
      ) : (
        <form
          class="pin"
          onSubmit={event => {
            event.preventDefault();
            void sign();
          }}
        >
          <label class="field">
            <span>{t('clerk.pin')}</span>
            <input
              ref={field}
              class="input"
              type="password"
              autocomplete="off"
              autofocus
              maxLength={64}
              // Also before the token is found: half a PIN would cost a try.
              readOnly={busy}
              value={pin}
              onInput={event => setPin(event.currentTarget.value)}
            />
          </label>
        </form>
      )}
      <ApplicantSigning />
      <div class="pin-progress">{busy && caseId && <SigningProgress caseId={caseId} />}</div>
    </Dialog>
  );
}

/** Whether the token can sign, and whether it does so without a PIN. */
function readiness(held: Held<TokenView>): { usable: boolean; kept: boolean } {
  const usable = held.kind === 'ready' && held.value.state === 'ready';
  return { usable, kept: usable && held.value.pinKept };
}

/** How far the token is: a card takes up to a second for each document. */
function SigningProgress({ caseId }: { caseId: string }) {
  const [view, setView] = useState<SigningView>(null);
  useEffect(() => {
    const timer = setInterval(async () => {
      const answer = await get<SigningView>(`/api/cases/${caseId}/signing`);
      if (answer.ok) setView(answer.value);
    }, progressEveryMs);
    return () => clearInterval(timer);
  }, [caseId]);
  return <Progress label={view ? t('clerk.signing-progress', view) : t('clerk.signing')} />;
}

function TokenSummary({ view, told }: { view: TokenView; told: ApiError | null }) {
  return (
    <>
      {view.certificate && (
        <p>
          {t('clerk.sign-owner', {
            owner: view.certificate.owner,
            time: showFullDay(view.certificate.notAfter),
          })}
        </p>
      )}
      {view.error && told?.code !== view.error.code && <Notice error={view.error} />}
      {view.triesLeft !== null && told?.code !== 'token.pin-refused' && (
        <StatusDot tone={view.triesLeft <= 1 ? 'trouble' : told ? 'attention' : 'info'}>
          {t('clerk.tries-left', { count: view.triesLeft })}
        </StatusDot>
      )}
    </>
  );
}
