import { useState } from 'preact/hooks';
import type { HallLive } from '../../protocol/api/hall.ts';
import { Button } from '../shared/components/button.tsx';
import { Choice } from '../shared/components/choice.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { act, admits, busy, failure } from './store.ts';

/** A person with a paper whose number the box never heard of stands in line by it. */
export function AdmissionDialog({ view }: { view: HallLive }) {
  const [number, setNumber] = useState('');
  const [serviceId, setService] = useState(view.services[0]?.serviceId ?? '');
  const close = () => {
    admits.value = false;
    failure.value = null;
  };
  const admit = async () => {
    if (await act('admissions', { number: number.replaceAll(' ', ''), serviceId })) close();
  };
  return (
    <Dialog
      title={t('hall.admit')}
      onClose={close}
      actions={
        <Button
          kind="primary"
          busy={busy.value}
          disabled={!/^\s*[а-яё]\s*\d{1,7}\s*$/i.test(number)}
          onPress={() => void admit()}
        >
          {t('hall.admit-do')}
        </Button>
      }
    >
      <p>{t('hall.admit-why')}</p>
      {failure.value && <Notice error={failure.value} />}
      <label class="field">
        <span>{t('hall.admit-number')}</span>
        <input
          class="input"
          maxLength={10}
          autoComplete="off"
          value={number}
          onInput={event => setNumber(event.currentTarget.value)}
        />
      </label>
      <Choice
        label={t('hall.service')}
        value={serviceId}
        onChange={setService}
        options={view.services.map(({ serviceId: id, title }) => [id, inLanguage(title)])}
      />
    </Dialog>
  );
}
