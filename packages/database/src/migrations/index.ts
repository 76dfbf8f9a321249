import { CreatePlatform } from './1763715600001-create-platform.ts';
import { CreateIdentity } from './1763715600002-create-identity.ts';
import { CreateCatalog } from './1763715600003-create-catalog.ts';
import { CreateGroups } from './1763715600011-create-groups.ts';
import { CreateIdentitySources } from './1763715600012-create-identity-sources.ts';
import { CreateEgress } from './1763715600013-create-egress.ts';
import { CreateCredentials } from './1763715600014-create-credentials.ts';
import { CreateLabels } from './1763715600018-create-labels.ts';
import { AuditEachPull } from './1763715600019-audit-each-pull.ts';
import { ListFlag } from './1763715600020-list-flag.ts';
import { CreateFederation } from './1763715600021-create-federation.ts';
import { UploadRoom } from './1763715600021-upload-room.ts';
import { CreateImmutability } from './1763715600022-create-immutability.ts';
import { CreateTrash } from './1763715600023-create-trash.ts';
import { JobSurface } from './1763715600025-job-surface.ts';
import { GarbageCollection } from './1763715600026-garbage-collection.ts';
import { CreateRetention } from './1763715600027-create-retention.ts';
import { TagHistory } from './1763715600029-tag-history.ts';
import { SearchIndexes } from './1763715600030-search-indexes.ts';
import { QuotaComplete } from './1763715600032-quota-complete.ts';
import { StorageCheck } from './1763715600034-storage-check.ts';
import { TellRestorations } from './1763715600040-tell-restorations.ts';
import { TouchedManifests } from './1763715600041-touched-manifests.ts';
import { RestoringItems } from './1763715600042-restoring-items.ts';
import { RemovalItems } from './1763715600043-removal-items.ts';
import { CountListed } from './1763715600044-count-listed.ts';
import { DeepTagPages } from './1763715600045-deep-tag-pages.ts';
import { NewestReferrers } from './1763715600046-newest-referrers.ts';
import { DependentColumns } from './1763715600047-dependent-columns.ts';
import { TagPlatforms } from './1763715600048-tag-platforms.ts';
import { NewestAccessories } from './1763715600049-newest-accessories.ts';
import { ImageVariants } from './1763715600050-image-variants.ts';

/** Every migration, in order. New ones are appended; landed ones never change. */
export const MIGRATIONS = [
  CreatePlatform,
  CreateIdentity,
  CreateCatalog,
  CreateGroups,
  CreateIdentitySources,
  CreateEgress,
  CreateCredentials,
  CreateLabels,
  AuditEachPull,
  ListFlag,
  CreateFederation,
  UploadRoom,
  CreateImmutability,
  CreateTrash,
  JobSurface,
  GarbageCollection,
  CreateRetention,
  TagHistory,
  SearchIndexes,
  QuotaComplete,
  StorageCheck,
  TellRestorations,
  TouchedManifests,
  RestoringItems,
  RemovalItems,
  CountListed,
  DeepTagPages,
  NewestReferrers,
  DependentColumns,
  TagPlatforms,
  NewestAccessories,
  ImageVariants,
] as const;
