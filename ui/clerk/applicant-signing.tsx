import { useEffect, useState } from 'preact/hooks';
import type { ApplicantTokenView } from '../../protocol/api/applicant.ts';
import type { CaseView } from '../../protocol/api/cases.ts';
import type { ApiError } from '../../protocol/api/common.ts';
import { get, post } from '../shared/api.ts';
import { Button } from '../shared/components/button.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { t } from '../shared/language.ts';
import { currentCase, takeCase } from './store.ts';

const signTimeoutMs = 120_000;

/** The applicant signs too, with an own card in the second reader (KEM-19). Nothing where there is none. */
export function ApplicantSigning() {
  const [isSetUp, setSetUp] = useState(false);
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    void get<ApplicantTokenView>('/api/applicant-token').then(
      answer => answer.ok && setSetUp(answer.value.isSetUp),
    );
  }, []);
  const view = currentCase.value;
  if (!isSetUp || !view) return null;
  if (view.documents.every(({ isSignedByApplicant }) => isSignedByApplicant))
    return <StatusDot tone="info">{t('clerk.applicant-signed')}</StatusDot>;
  return (
    <section class="applicant-signing">
      <label class="applicant-choice">
        <input type="checkbox" checked={wanted} onChange={event => setWanted(event.currentTarget.checked)} />
        <span>{t('clerk.applicant-signs')}</span>
      </label>
      {wanted && <ApplicantPin caseId={view.caseId} />}
    </section>
  );
}

/** The applicant types: the PIN is sent once and kept nowhere. */
function ApplicantPin({ caseId }: { caseId: string }) {
  const [pin, setPin] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);

  const sign = async () => {
    if (busy || pin === '') return;
    const once = pin;
    setPin('');
    setBusy(true);
    setError(null);
    const answer = await post<CaseView>(`/api/cases/${caseId}/applicant-sign`, { pin: once }, signTimeoutMs);
    setBusy(false);
    if (answer.ok) takeCase(answer.value);
    else setError(answer.error);
  };

  return (
    <form
      class="applicant-pin"
      onSubmit={event => {
        event.preventDefault();
        void sign();
      }}
    >
      <p>{t('clerk.applicant-hint')}</p>
      {error && <Notice error={error} tone="attention" />}
      <div class="applicant-row">
        <label class="field">
          <span>{t('clerk.applicant-pin')}</span>
          <input
            class="input"
            type="password"
            autocomplete="off"
            maxLength={64}
            readOnly={busy}
            value={pin}
            onInput={event => setPin(event.currentTarget.value)}
          />
        </label>
        <Button busy={busy} disabled={pin === ''} onPress={() => void sign()}>
          {t('clerk.applicant-do')}
        </Button>
      </div>
    </form>
  );
}
