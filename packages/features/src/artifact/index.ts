export { ArtifactModule } from './artifact.module.ts';
export { type ArtifactName, parseArtifactName } from './artifact-name.rules.ts';
export { ArtifactService } from './artifact.service.ts';
export { additionsOf, type ArtifactRow, isObject, platformOf, textList, textMap } from './artifact.rules.ts';
export { artifactColumns, LISTED, splitConditions } from './artifact-filter.store.ts';
export { tagColumns } from './tag-filter.store.ts';
