CREATE TABLE "vendor_spending" (
	"scope" text NOT NULL,
	"tenant_id" uuid NOT NULL,
	"minute" timestamp with time zone NOT NULL,
	"calls" integer NOT NULL,
	CONSTRAINT "vendor_spending_scope_tenant_id_pk" PRIMARY KEY("scope","tenant_id")
);
--> statement-breakpoint
ALTER TABLE "vendor_spending" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "own_tenant" ON "vendor_spending" AS PERMISSIVE FOR ALL TO "calendar_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "whole_fleet" ON "vendor_spending" AS PERMISSIVE FOR ALL TO "calendar_system" USING (true) WITH CHECK (true);