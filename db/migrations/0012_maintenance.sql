CREATE TABLE "maintenance" (
	"tenant_id" uuid PRIMARY KEY NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone NOT NULL,
	"providers" integer NOT NULL,
	"failed" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "maintenance" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "upkeep" (
	"provider_id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	"action" text NOT NULL,
	"subscription_id" text,
	"expires_at" timestamp with time zone,
	"error" text
);
--> statement-breakpoint
ALTER TABLE "upkeep" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "own_tenant" ON "maintenance" AS PERMISSIVE FOR ALL TO "calendar_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "whole_fleet" ON "maintenance" AS PERMISSIVE FOR ALL TO "calendar_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_tenant" ON "upkeep" AS PERMISSIVE FOR ALL TO "calendar_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "whole_fleet" ON "upkeep" AS PERMISSIVE FOR ALL TO "calendar_system" USING (true) WITH CHECK (true);