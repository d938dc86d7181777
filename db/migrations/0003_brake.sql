CREATE TABLE "brakes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"provider_id" uuid NOT NULL,
	"side" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"mapped" integer NOT NULL,
	"decision" text,
	"decided" integer,
	"decided_by" jsonb,
	"decided_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "brakes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "losses" (
	"mapping_id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"provider_id" uuid NOT NULL,
	"side" text NOT NULL,
	"state" text NOT NULL,
	"seq" bigserial NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"decided_by" jsonb
);
--> statement-breakpoint
ALTER TABLE "losses" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "providers" ADD COLUMN "brake_events" integer DEFAULT 20 NOT NULL;--> statement-breakpoint
ALTER TABLE "providers" ADD COLUMN "brake_percent" integer DEFAULT 25 NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "brakes_one_open" ON "brakes" USING btree ("provider_id","side") WHERE decision is null;--> statement-breakpoint
CREATE INDEX "losses_order" ON "losses" USING btree ("provider_id","state","seq");--> statement-breakpoint
CREATE POLICY "own_tenant" ON "brakes" AS PERMISSIVE FOR ALL TO "calendar_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "whole_fleet" ON "brakes" AS PERMISSIVE FOR ALL TO "calendar_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_tenant" ON "losses" AS PERMISSIVE FOR ALL TO "calendar_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "whole_fleet" ON "losses" AS PERMISSIVE FOR ALL TO "calendar_system" USING (true) WITH CHECK (true);