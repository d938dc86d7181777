CREATE TABLE "disconnects" (
	"provider_id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"requested_by" jsonb NOT NULL,
	"subscriptions" text,
	"consent" text,
	"secrets_deleted_at" timestamp with time zone,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "disconnects" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "mappings" ADD COLUMN "entry_hash" text;--> statement-breakpoint
ALTER TABLE "mappings" ADD COLUMN "external_hash" text;--> statement-breakpoint
CREATE INDEX "disconnects_open" ON "disconnects" USING btree ("requested_at") WHERE finished_at is null;--> statement-breakpoint
CREATE POLICY "own_tenant" ON "disconnects" AS PERMISSIVE FOR ALL TO "calendar_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "whole_fleet" ON "disconnects" AS PERMISSIVE FOR ALL TO "calendar_system" USING (true) WITH CHECK (true);