import type { AccessKeyView } from '../../domain/access-keys/access-key-view.ts';
import {
  createOwnAccessKey,
  deleteOwnAccessKey,
  listOwnAccessKeys,
  updateOwnAccessKey,
} from '../../domain/access-keys/own-access-keys.ts';
import type { Form } from '../http/form-body.ts';
import type { PortalAccessKeysPage } from '../views/pages/portal-pages.ts';
import { frameOf } from './frame.ts';
import { keepValue, takeValue } from './kept-values.ts';
import { addressOf, type LeadOn, may, perform, type PortalRoute, type PortalVisit, queryValue } from './visit.ts';

const path = '/access-keys';

export const accessKeyPages: readonly PortalRoute[] = [
  { section: 'access-keys', path, show: accessKeysPage, act: createKey, again: accessKeysPage },
  { section: 'access-keys', path: `${path}/change`, act: changeKey, again: accessKeysPage },
  { section: 'access-keys', path: `${path}/delete`, act: deleteKey, again: accessKeysPage },
];

async function accessKeysPage(visit: PortalVisit): Promise<PortalAccessKeysPage> {
  const [{ items }, mayCreate, frame] = await Promise.all([
    perform(visit, listOwnAccessKeys, {}),
    may(visit, createOwnAccessKey, {}),
    frameOf(visit, 'access-keys'),
  ]);
  // Last: it is given once, and nothing may fail after it.
  const newKey = await takeValue(visit, queryValue(visit, 'shown'));
  return {
    name: 'portal/access-keys',
    ...frame,
    keys: items.map(showKey),
    mayCreate,
    createAction: addressOf(visit, path),
    changeAction: addressOf(visit, `${path}/change`),
    deleteAction: addressOf(visit, `${path}/delete`),
    newKey: newKey as PortalAccessKeysPage['newKey'],
  };
}

const showKey = (key: AccessKeyView): PortalAccessKeysPage['keys'][number] => ({
  id: key.id,
  label: key.name ?? undefined,
  active: key.status === 'active',
  createdAt: key.createdAt,
  expiresAt: key.expiresAt ?? undefined,
  lastUsedAt: key.lastUsedAt ?? undefined,
});

async function createKey(visit: PortalVisit): Promise<LeadOn> {
  const { accessKey, secret } = await perform(visit, createOwnAccessKey, {});
  const shown = await keepValue(visit, { id: accessKey.id, secret });
  return { leadTo: `${path}?shown=${shown}`, notice: 'key-created' };
}

async function changeKey(visit: PortalVisit, form: Form): Promise<LeadOn> {
  const status = form.get('status');
  await perform(visit, updateOwnAccessKey, { accessKeyId: form.get('key'), changes: { status } });
  return { leadTo: path, notice: status === 'active' ? 'key-enabled' : 'key-disabled' };
}

async function deleteKey(visit: PortalVisit, form: Form): Promise<LeadOn> {
  await perform(visit, deleteOwnAccessKey, { accessKeyId: form.get('key') });
  return { leadTo: path, notice: 'key-deleted' };
}
