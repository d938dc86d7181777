CREATE TABLE "preview_items" (
	"preview_id" uuid NOT NULL,
	"place" integer NOT NULL,
	"tenant_id" uuid NOT NULL,
	"side" text NOT NULL,
	"action" text NOT NULL,
	"entry_id" uuid,
	"external_id" text,
	"title" text NOT NULL,
	"time" jsonb,
	"repeats" boolean NOT NULL,
	"fields" jsonb NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "preview_items_preview_id_place_pk" PRIMARY KEY("preview_id","place")
);
--> statement-breakpoint
ALTER TABLE "preview_items" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "previews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"provider_id" uuid NOT NULL,
	"wish" jsonb NOT NULL,
	"counts" jsonb NOT NULL,
	"complete" boolean NOT NULL,
	"undecided" integer NOT NULL,
	"unlisted" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "previews" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "own_tenant" ON "preview_items" AS PERMISSIVE FOR ALL TO "calendar_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "whole_fleet" ON "preview_items" AS PERMISSIVE FOR ALL TO "calendar_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_tenant" ON "previews" AS PERMISSIVE FOR ALL TO "calendar_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "whole_fleet" ON "previews" AS PERMISSIVE FOR ALL TO "calendar_system" USING (true) WITH CHECK (true);