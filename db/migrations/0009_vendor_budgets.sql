CREATE TABLE "vendor_turns" (
	"provider_id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"mailbox" text NOT NULL,
	"turn_id" uuid NOT NULL,
	"is_backfill" boolean NOT NULL,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "vendor_turns" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "vendor_waits" (
	"tenant_id" uuid NOT NULL,
	"scope" text NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "vendor_waits_tenant_id_scope_pk" PRIMARY KEY("tenant_id","scope")
);
--> statement-breakpoint
ALTER TABLE "vendor_waits" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "vendor_turns_mailbox" ON "vendor_turns" USING btree ("tenant_id","mailbox");--> statement-breakpoint
CREATE POLICY "own_tenant" ON "vendor_turns" AS PERMISSIVE FOR ALL TO "calendar_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "whole_fleet" ON "vendor_turns" AS PERMISSIVE FOR ALL TO "calendar_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "own_tenant" ON "vendor_waits" AS PERMISSIVE FOR ALL TO "calendar_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "whole_fleet" ON "vendor_waits" AS PERMISSIVE FOR ALL TO "calendar_system" USING (true) WITH CHECK (true);