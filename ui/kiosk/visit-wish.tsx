import { useSignal } from '@preact/signals';
import type { Purpose } from '../../protocol/hall-rules.ts';
import { Button } from '../shared/components/button.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import type { PhraseKey } from '../shared/dictionary.ts';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { chooseMore } from './screens.ts';
import { findService, hall } from './store.ts';
import { basket, mayAddService, privilege, purpose, putIntoBasket, takeOutOfBasket } from './wish.ts';

/** An appointment is not chosen here: it has a code of its own. */
const purposeWords: Partial<Record<Purpose, PhraseKey>> = {
  submit: 'kiosk.purpose.submit',
  consult: 'kiosk.purpose.consult',
  result: 'kiosk.purpose.result',
};

/** What for, who is let in earlier, and further services: most people touch none of it. */
export function VisitWish({ serviceId }: { serviceId: string }) {
  const offered = heldValue(hall);
  const purposes = offered?.purposes.filter(each => purposeWords[each] !== undefined) ?? [];
  return (
    <div class="visit-wish">
      {purposes.length > 1 && (
        <fieldset class="segments">
          <legend class="visually-hidden">{t('kiosk.purpose')}</legend>
          {purposes.map(each => (
            <Button
              key={each}
              pressed={purpose.value === each}
              onPress={() => {
                purpose.value = each;
              }}
            >
              {t(purposeWords[each] ?? 'kiosk.purpose')}
            </Button>
          ))}
        </fieldset>
      )}
      <div class="visit-more">
        {(offered?.privileges.length ?? 0) > 0 && <PrivilegeButton />}
        {mayAddService() && (
          <Button
            icon="plus"
            onPress={() => {
              putIntoBasket(serviceId);
              chooseMore();
            }}
          >
            {t('kiosk.more-services')}
          </Button>
        )}
      </div>
      <Basket serviceId={serviceId} />
    </div>
  );
}

/** Services that go onto the same ticket, each with a way out of it. */
function Basket({ serviceId }: { serviceId: string }) {
  const others = basket.value.filter(id => id !== serviceId);
  if (others.length === 0) return null;
  return (
    <div class="basket">
      <h2>{t('kiosk.same-ticket')}</h2>
      <ul>
        {others.map(id => {
          const service = findService(id);
          const title = service ? inLanguage(service.short) : id;
          return (
            <li key={id}>
              <span>{title}</span>
              <Button
                kind="quiet"
                icon="cross"
                label={t('kiosk.take-out', { title })}
                onPress={() => takeOutOfBasket(id)}
              >
                {t('kiosk.take-out-short')}
              </Button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function PrivilegeButton() {
  const open = useSignal(false);
  const close = () => {
    open.value = false;
  };
  const privileges = heldValue(hall)?.privileges ?? [];
  const chosen = privileges.find(({ id }) => id === privilege.value);
  const choose = (id: string | null) => {
    privilege.value = id;
    close();
  };
  return (
    <>
      <Button
        icon="social"
        pressed={chosen !== undefined}
        onPress={() => {
          open.value = true;
        }}
      >
        {chosen ? inLanguage(chosen.title) : t('kiosk.privilege')}
      </Button>
      {open.value && (
        <Dialog title={t('kiosk.privilege')} class="kiosk-dialog" onClose={close}>
          <p>{t('kiosk.privilege-how')}</p>
          <ul class="choices">
            {privileges.map(({ id, title }) => (
              <li key={id}>
                <Button pressed={privilege.value === id} onPress={() => choose(id)}>
                  {inLanguage(title)}
                </Button>
              </li>
            ))}
            <li>
              <Button pressed={privilege.value === null} onPress={() => choose(null)}>
                {t('kiosk.privilege-none')}
              </Button>
            </li>
          </ul>
        </Dialog>
      )}
    </>
  );
}
