export { ArtifactInsightModule } from './artifact-insight.module.ts';
